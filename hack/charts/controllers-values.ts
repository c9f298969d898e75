import { strictControllerConfiguration } from '../../src/apis/metal/controller-configuration.ts';
import { controllersFlags } from '../../src/commands/controllers-flags.ts';
import { seedWebhookNames } from '../../src/webhooks/seed/names.ts';
import { editorSchema, type JsonSchema } from '../docs/schema.ts';
import {
  anyObject,
  commonValues,
  dashboards,
  forPrometheus,
  listOf,
  object,
  port,
  toggle,
  whole,
} from './common-values.ts';
import { nullable } from './nullable.ts';

const flags = controllersFlags;

const concurrentSyncs = (help: string | undefined): JsonSchema =>
  object('Settings of a controller.', { concurrentSyncs: whole(help ?? '', 1) });

/** A number, or a template that picks one of usablePorts. */
const templatedPort = (description: string): JsonSchema => ({ ...port(description), type: ['integer', 'string'] });

/** The ControllerConfiguration, whose header the chart writes, with a switch that the chart of the Go extension has. */
function configuration(): JsonSchema {
  const { $schema, title, properties = {}, ...rest } = editorSchema(strictControllerConfiguration, '');
  const { apiVersion, kind, networkPolicies, ...fields } = properties;
  const enabled = toggle('Whether `ingressController` has an effect.');
  const switched = { ...networkPolicies, properties: { enabled, ...networkPolicies?.properties } };
  return nullable({
    ...rest,
    description: 'The ControllerConfiguration: docs/usage/provider-configs.md.',
    properties: { ...fields, networkPolicies: switched },
  });
}

/** JSON Schema of the values of charts/gardener-extension-provider-metal. */
export function controllersValues(): JsonSchema {
  const controllers = (flags.controllers.fallback ?? '').split(',');
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Values of gardener-extension-provider-metal',
    ...object('Controllers and webhooks of type metal in a seed.', {
      ...commonValues,
      controllers: object('Settings of the controllers.', {
        infrastructure: concurrentSyncs(flags['infrastructure-max-concurrent-reconciles'].help),
        controlplane: concurrentSyncs(flags['controlplane-max-concurrent-reconciles'].help),
        worker: concurrentSyncs(flags['worker-max-concurrent-reconciles'].help),
        healthcheck: concurrentSyncs(flags['healthcheck-max-concurrent-reconciles'].help),
        heartbeat: object('Settings of the heartbeat.', {
          renewIntervalSeconds: whole(flags['heartbeat-renew-interval-seconds'].help ?? '', 1),
        }),
        ignoreOperationAnnotation: toggle(flags['ignore-operation-annotation'].help ?? ''),
      }),
      disableControllers: listOf({ enum: controllers }, flags['disable-controllers'].help ?? ''),
      disableWebhooks: listOf({ enum: [...seedWebhookNames] }, flags['disable-webhooks'].help ?? ''),
      webhookConfig: object('Where webhooks are served.', {
        servicePort: port(flags['webhook-config-service-port'].help ?? ''),
        serverPort: templatedPort('Port of the pods.'),
      }),
      metricsPort: templatedPort('Port of /metrics.'),
      healthPort: templatedPort('Port of the probes.'),
      usablePorts: listOf(port('A port.'), 'Ports for metrics, webhooks and probes; gardenlet may give others.'),
      config: configuration(),
      imageVectorOverwrite: {
        type: ['object', 'string', 'null'],
        description: 'Image vector in the place of images in the code.',
      },
      metrics: object('Monitoring.', {
        enableScraping: toggle('Annotations for the Prometheus of the seed.'),
        serviceMonitor: forPrometheus('ServiceMonitor'),
        prometheusRule: forPrometheus('PrometheusRule'),
        dashboards: dashboards(),
      }),
      gardener: anyObject('What gardenlet gives.'),
    }),
  };
}
