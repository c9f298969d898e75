import { admissionFlags } from '../../src/commands/admission-flags.ts';
import { readDefaultOptions } from '../../src/providers/metal/admission/default-options.ts';
import type { JsonSchema } from '../docs/schema.ts';
import { anyObject, commonValues, dashboards, forPrometheus, object, port, text, toggle } from './common-values.ts';

const schema = 'https://json-schema.org/draft/2020-12/schema';

/** Names after DEFAULTER_, in lower case, as the code asks for them. */
function defaulterNames(): string[] {
  const asked = new Set<string>();
  const env = new Proxy<Record<string, undefined>>(
    {},
    {
      get: (_, name) => {
        asked.add(String(name));
        return undefined;
      },
    },
  );
  readDefaultOptions(env);
  return [...asked].map((name) => name.replace('DEFAULTER_', '').toLowerCase());
}

/** Helm passes names as they are written, and the chart makes capitals of them: `maxPods` is `MAXPODS`. */
const anyCase = (name: string): string =>
  [...name].map((letter) => (/[a-z]/.test(letter) ? `[${letter}${letter.toUpperCase()}]` : letter)).join('');

/** Of the chart of the Go extension; it has no effect there either. */
const withoutEffect = ['allowedprivilegedcontainers'];

function defaulter(): JsonSchema {
  const names = [...defaulterNames(), ...withoutEffect].sort();
  return {
    type: 'object',
    description: 'What Shoots get where they say nothing: docs/usage/admission.md.',
    patternProperties: {
      [`^(${names.map(anyCase).join('|')})$`]: {
        type: ['string', 'integer', 'boolean', 'array', 'null'],
        description: 'A value, or null for the default.',
      },
    },
    additionalProperties: false,
  };
}

const virtualCluster = (properties: Record<string, JsonSchema>): JsonSchema => ({
  ...anyObject('What gardener-operator gives.'),
  properties: {
    virtualCluster: {
      ...anyObject('The garden.'),
      properties: { enabled: toggle('Whether the garden is another cluster than the one of the pods.'), ...properties },
    },
  },
});

/** JSON Schema of the values of the sub-chart `runtime` of gardener-extension-admission-metal. */
export function runtimeValues(): JsonSchema {
  return {
    $schema: schema,
    title: 'Values of gardener-extension-admission-metal, runtime',
    ...object('Webhooks of type metal in a garden.', {
      ...commonValues,
      enabled: toggle('Whether the sub-chart is installed.'),
      webhookConfig: object('Where webhooks are served.', {
        servicePort: port(admissionFlags['webhook-config-service-port'].help ?? ''),
        serverPort: port('Port of the pods.'),
      }),
      metricsPort: port('Port of /metrics.'),
      healthPort: port('Port of the probes.'),
      kubeconfig: { type: ['string', 'null'], description: 'Kubeconfig of the garden.' },
      projectedKubeconfig: {
        ...object('A kubeconfig of the garden that is mounted.', { baseMountPath: text('Its directory.') }),
        type: ['object', 'null'],
      },
      defaulter: defaulter(),
      metrics: object('Monitoring.', {
        serviceMonitor: forPrometheus('ServiceMonitor'),
        prometheusRule: forPrometheus('PrometheusRule'),
        dashboards: dashboards(),
      }),
      service: object('The Service.', {
        topologyAwareRouting: object('Calls stay in a zone.', { enabled: toggle('Whether they do.') }),
      }),
      gardener: virtualCluster({ namespace: text('In the garden, owner of the webhook configurations.') }),
    }),
  };
}

/** The same of the sub-chart `application`. */
export function applicationValues(): JsonSchema {
  return {
    $schema: schema,
    title: 'Values of gardener-extension-admission-metal, application',
    // gardener-operator gives both sub-charts the same values.
    ...anyObject('Permissions of the webhooks in the garden.'),
    properties: {
      gardener: virtualCluster({
        serviceAccount: {
          ...anyObject('Of the processes in the garden.'),
          properties: { name: text('Name.'), namespace: text('Namespace.') },
        },
      }),
    },
  };
}
