import { telemetryFlags } from '../../src/commands/shared-flags.ts';
import type { JsonSchema } from '../docs/schema.ts';

/** Values that the charts of controllers and admission have in common. */

export const object = (description: string, properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  description,
  properties,
  additionalProperties: false,
});

export const text = (description: string): JsonSchema => ({ type: 'string', description });
export const toggle = (description: string): JsonSchema => ({ type: 'boolean', description });
export const whole = (description: string, minimum: number): JsonSchema => ({ type: 'integer', minimum, description });
export const port = (description: string): JsonSchema => ({
  type: 'integer',
  minimum: 1,
  maximum: 65_535,
  description,
});
export const listOf = (items: JsonSchema, description: string): JsonSchema => ({ type: 'array', items, description });

/** Something of Kubernetes' own, whose API server says what is wrong with it. */
export const anyObject = (description: string): JsonSchema => ({ type: 'object', description });
const labels = (description: string): JsonSchema => ({ ...anyObject(description), additionalProperties: text('') });

/** The texts that a flag takes, as its help names them. */
const choices = ({ value = '' }: { readonly value?: string | undefined }): string[] => value.split('|');

export const commonValues: Record<string, JsonSchema> = {
  image: object('The image of Espalier.', {
    repository: text('Registry and name.'),
    tag: text('Tag or digest (sha256:...); the version of the chart when empty.'),
    pullPolicy: { enum: ['Always', 'IfNotPresent', 'Never'], description: 'When to pull.' },
  }),
  imagePullSecrets: listOf(anyObject('Name of a Secret.'), 'Secrets for the registry.'),
  replicaCount: whole('Pods. All of them serve webhooks, one leads.', 0),
  resources: anyObject('Requests and limits of the container.'),
  logLevel: { enum: choices(telemetryFlags['log-level']), description: telemetryFlags['log-level'].help },
  logFormat: { enum: choices(telemetryFlags['log-format']), description: telemetryFlags['log-format'].help },
  env: listOf(anyObject('EnvVar of Kubernetes.'), 'Environment variables besides.'),
  vpa: object('Vertical autoscaling.', {
    enabled: toggle('Whether there is a VerticalPodAutoscaler.'),
    resourcePolicy: object('Its limits.', { minAllowed: anyObject('Least requests.') }),
    updatePolicy: object('How it acts.', {
      updateMode: {
        enum: ['Auto', 'InPlaceOrRecreate', 'Initial', 'Off', 'Recreate'],
        description: 'Update mode of the VerticalPodAutoscaler.',
      },
    }),
  }),
  global: anyObject("Helm's own."),
};

/** With what Prometheus finds each of them by. */
export const forPrometheus = (what: string): JsonSchema =>
  object(`A ${what} of the Prometheus operator.`, {
    enabled: toggle('Whether there is one.'),
    labels: labels('By which Prometheus finds it.'),
  });

export const dashboards = (): JsonSchema =>
  object('Dashboards for Plutono.', {
    enabled: toggle('Whether there are any.'),
    namespace: text('Of Plutono.'),
  });
