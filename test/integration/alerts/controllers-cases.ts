import { type AlertCase, bucketsOf, seriesOf } from './alert-case.ts';
import { webhookCases } from './webhook-cases.ts';

const job = 'provider-metal';
const of =
  (metric: string) =>
  (labels: Readonly<Record<string, string>>): string =>
    seriesOf(metric, { job, ...labels });

const leads = of('leader_election_master_status');
const renewed = of('extension_heartbeat_renew_timestamp_seconds');
const objects = of('extension_objects');
const errors = of('extension_object_errors');
const conditions = of('extension_object_conditions');
const runs = of('controller_runtime_reconcile_total');
const depth = of('workqueue_depth');
const finished = of('workqueue_work_duration_seconds_count');
const longest = of('workqueue_longest_running_processor_seconds');
const calls = of('metal_api_requests_total');

/** Both replicas count the same objects. */
const twice = (series: (labels: Readonly<Record<string, string>>) => string, labels: object, value: string) =>
  Object.fromEntries(['a', 'b'].map((instance) => [series({ instance, ...labels }), value]));

const workers = (total: number, failing: number, code: string) => ({
  ...twice(objects, { controller: 'worker', state: 'Succeeded' }, `${total - failing}x60`),
  ...twice(objects, { controller: 'worker', state: 'Error' }, `${failing}x60`),
  ...twice(errors, { controller: 'worker', code }, `${failing}x60`),
});

const controlPlanes = (total: number, unhealthy: number, unknown: number) => {
  const labels = { controller: 'controlplane', condition: 'ControlPlaneHealthy' };
  return {
    ...twice(objects, { controller: 'controlplane', state: 'Succeeded' }, `${total}x60`),
    ...twice(conditions, { ...labels, status: 'True' }, `${total - unhealthy - unknown}x60`),
    ...twice(conditions, { ...labels, status: 'False' }, `${unhealthy}x60`),
    ...twice(conditions, { ...labels, status: 'Unknown' }, `${unknown}x60`),
  };
};

export const controllersCases: readonly AlertCase[] = [
  {
    alert: 'ProviderMetalWithoutLeader',
    what: 'two replicas, none leads',
    series: { [leads({ instance: 'a' })]: '1x5 0x60', [leads({ instance: 'b' })]: '0x60' },
    at: 15,
    fires: [{ summary: 'No replica of provider-metal leads.' }],
  },
  {
    alert: 'ProviderMetalWithoutLeader',
    what: 'nothing is scraped at all',
    series: {},
    at: 6,
    fires: [{ summary: 'No replica of provider-metal leads.' }],
  },
  {
    alert: 'ProviderMetalWithoutLeader',
    what: 'a rollout',
    series: { [leads({ instance: 'a' })]: '1x5 0x2 stale', [leads({ instance: 'b' })]: '0x8 1x60' },
    at: 15,
    fires: [],
  },
  {
    alert: 'ProviderMetalHeartbeatLost',
    what: 'the lease cannot be written any more',
    series: { [renewed({ instance: 'a' })]: '0+60x10 600x60', [renewed({ instance: 'b' })]: '0x60' },
    at: 16,
    fires: [{ summary: 'provider-metal has not renewed its heartbeat for two minutes.' }],
  },
  {
    alert: 'ProviderMetalHeartbeatLost',
    what: 'another replica goes on',
    series: { [renewed({ instance: 'a' })]: '0+60x10 600x60', [renewed({ instance: 'b' })]: '0x11 720+60x60' },
    at: 30,
    fires: [],
  },
  {
    alert: 'ProviderMetalObjectsFail',
    what: 'three of twelve Workers have no quota left',
    series: workers(12, 3, 'ERR_INFRA_QUOTA_EXCEEDED'),
    at: 20,
    fires: [
      {
        labels: { controller: 'worker', code: 'ERR_INFRA_QUOTA_EXCEEDED' },
        summary: '25% of the objects of the controller worker fail with ERR_INFRA_QUOTA_EXCEEDED.',
      },
    ],
  },
  {
    alert: 'ProviderMetalObjectsFail',
    what: 'one Worker is its owner\u2019s matter',
    series: workers(2, 1, 'ERR_CONFIGURATION_PROBLEM'),
    at: 20,
    fires: [],
  },
  {
    alert: 'ProviderMetalObjectsFail',
    what: 'three of a hundred are their owners\u2019',
    series: workers(100, 3, 'ERR_CONFIGURATION_PROBLEM'),
    at: 20,
    fires: [],
  },
  {
    alert: 'ProviderMetalManyUnhealthy',
    what: 'of four control planes one is unhealthy and one does not say',
    series: controlPlanes(4, 1, 1),
    at: 20,
    fires: [
      {
        labels: { controller: 'controlplane', condition: 'ControlPlaneHealthy' },
        summary:
          'The condition ControlPlaneHealthy does not hold for 50% of the objects of the controller controlplane.',
      },
    ],
  },
  {
    alert: 'ProviderMetalManyUnhealthy',
    what: 'one of four is unhealthy',
    series: controlPlanes(4, 1, 0),
    at: 20,
    fires: [],
  },
  {
    alert: 'ProviderMetalHealthChecksFail',
    what: 'most checks of Workers fail',
    series: {
      [runs({ controller: 'healthcheck-worker', result: 'error' })]: '0+9x60',
      [runs({ controller: 'healthcheck-worker', result: 'requeue_after' })]: '0+1x60',
      [runs({ controller: 'healthcheck-controlplane', result: 'requeue_after' })]: '0+10x60',
    },
    at: 35,
    fires: [
      {
        labels: { controller: 'healthcheck-worker' },
        summary: 'More than half of the runs of the controller healthcheck-worker fail.',
      },
    ],
  },
  {
    alert: 'ProviderMetalHealthChecksFail',
    what: 'some fail; and a Worker that fails is tried again and again',
    series: {
      [runs({ controller: 'healthcheck-worker', result: 'error' })]: '0+4x60',
      [runs({ controller: 'healthcheck-worker', result: 'requeue_after' })]: '0+6x60',
      [runs({ controller: 'worker', result: 'error' })]: '0+1x60',
    },
    at: 35,
    fires: [],
  },
  {
    alert: 'ProviderMetalQueueStands',
    what: 'objects wait, nothing is finished any more',
    series: {
      [depth({ controller: 'worker', name: 'worker' })]: '0x9 7x60',
      [finished({ controller: 'worker', name: 'worker' })]: '0+1x10 10x60',
    },
    at: 40,
    fires: [
      {
        labels: { controller: 'worker' },
        summary: 'The controller worker has finished nothing for a quarter of an hour, and 7 objects wait.',
      },
    ],
  },
  {
    alert: 'ProviderMetalQueueStands',
    what: 'nothing waits; and much waits and is worked on',
    series: {
      [depth({ controller: 'worker', name: 'worker' })]: '0x60',
      [finished({ controller: 'worker', name: 'worker' })]: '10x60',
      [depth({ controller: 'controlplane', name: 'controlplane' })]: '900x60',
      [finished({ controller: 'controlplane', name: 'controlplane' })]: '0+1x60',
    },
    at: 40,
    fires: [],
  },
  {
    alert: 'ProviderMetalQueueSlow',
    what: 'objects wait for minutes',
    series: bucketsOf('workqueue_queue_duration_seconds', { job, controller: 'controlplane' }, ['100', '1000']),
    at: 50,
    fires: [
      {
        labels: { controller: 'controlplane' },
        summary: 'Objects wait more than a minute for the controller controlplane.',
      },
    ],
  },
  {
    alert: 'ProviderMetalQueueSlow',
    what: 'objects wait for seconds',
    series: bucketsOf('workqueue_queue_duration_seconds', { job, controller: 'controlplane' }, ['1', '10']),
    at: 50,
    fires: [],
  },
  {
    alert: 'ProviderMetalStuck',
    what: 'a Worker waits for its machines',
    series: { [longest({ controller: 'worker' })]: '0+60x60', [longest({ controller: 'controlplane' })]: '2x60' },
    at: 31,
    fires: [
      {
        labels: { controller: 'worker' },
        summary: 'A run of the controller worker has taken more than half an hour.',
      },
    ],
  },
  {
    alert: 'ProviderMetalStuck',
    what: 'machines of metal take their time',
    series: { [longest({ controller: 'worker' })]: '0+60x25 0x60' },
    at: 45,
    fires: [],
  },
  {
    alert: 'ProviderMetalApiErrors',
    what: 'a quota is reached',
    series: {
      [calls({ call: 'allocateNetwork', outcome: 'quota-exceeded' })]: '0+3x60',
      [calls({ call: 'allocateNetwork', outcome: 'success' })]: '0+1x60',
      [calls({ call: 'findNetworks', outcome: 'success' })]: '0+20x60',
    },
    at: 35,
    fires: [
      {
        labels: { call: 'allocateNetwork' },
        summary: 'More than half of the calls allocateNetwork to metal-api fail.',
      },
    ],
  },
  {
    alert: 'ProviderMetalApiErrors',
    what: 'what is gone already, what was given up, and failures of less than half',
    series: {
      [calls({ call: 'freeNetwork', outcome: 'not-found' })]: '0+3x60',
      [calls({ call: 'freeNetwork', outcome: 'aborted' })]: '0+3x60',
      [calls({ call: 'allocateNetwork', outcome: 'quota-exceeded' })]: '0+4x60',
      [calls({ call: 'allocateNetwork', outcome: 'success' })]: '0+6x60',
    },
    at: 35,
    fires: [],
  },
  {
    alert: 'ProviderMetalApiSlow',
    what: 'answers take more than five seconds',
    series: bucketsOf('metal_api_request_duration_seconds', { job, call: 'findMachines' }, ['5', '10']),
    at: 35,
    fires: [
      {
        labels: { call: 'findMachines' },
        summary: 'Calls findMachines to metal-api take more than 5 seconds.',
      },
    ],
  },
  {
    alert: 'ProviderMetalApiSlow',
    what: 'answers take a second',
    series: bucketsOf('metal_api_request_duration_seconds', { job, call: 'findMachines' }, ['0.5', '1']),
    at: 35,
    fires: [],
  },
  ...webhookCases({
    ...{ job, prefix: 'ProviderMetal', webhook: '/webhooks/controlplane' },
    names: { errors: 'WebhookErrors', slow: 'WebhookSlow', apiErrors: 'SeedApiErrors' },
    apiErrors: 'The API server of the seed refuses calls of provider-metal, or cannot be reached.',
  }),
];
