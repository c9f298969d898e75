import { seedWebhookNames } from '../webhooks/seed/names.ts';
import { choice, count, flag, optionalCount, optionalText, subset, text } from './flag-types.ts';
import { telemetryFlags, webhookFlags } from './shared-flags.ts';

const controllerNames = ['infrastructure', 'controlplane', 'worker', 'healthcheck', 'heartbeat'] as const;

/** Flags of `espalier controllers`, under the names that operators know from Gardener's extension library. */
export const controllersFlags = {
  'config-file': optionalText('path', { help: 'ControllerConfiguration of the provider, YAML or JSON. Required.' }),
  kubeconfig: optionalText('path', {
    help: 'Kubeconfig of the seed. Without it: $KUBECONFIG, or the service account of the pod.',
  }),
  controllers: subset(controllerNames, controllerNames, { help: 'Controllers to run.' }),
  'disable-controllers': subset(controllerNames, [], { help: 'Controllers not to run.' }),
  'infrastructure-max-concurrent-reconciles': count(5, 1, { help: 'Infrastructures reconciled at the same time.' }),
  'controlplane-max-concurrent-reconciles': count(5, 1, { help: 'ControlPlanes reconciled at the same time.' }),
  'worker-max-concurrent-reconciles': count(5, 1, { help: 'Workers reconciled at the same time.' }),
  'healthcheck-max-concurrent-reconciles': count(5, 1, {
    help: 'ControlPlanes, and Workers, checked at the same time.',
  }),
  'extension-classes': subset(['shoot', 'seed', 'garden'], ['shoot'], {
    help: 'Extension classes to serve. An object without a class counts as shoot.',
  }),
  'ignore-operation-annotation': flag(false, {
    help: 'Reconcile on every change of a spec instead of when gardenlet asks. For development: it breaks the maintenance window.',
  }),
  image: optionalText('reference', {
    env: 'ESPALIER_IMAGE',
    help: 'Image that this process runs from: machine controllers of shoots run from it, too. Without it, or with an image of its own in IMAGEVECTOR_OVERWRITE, they are those of metal-stack in Go.',
  }),
  'leader-election': flag(true, { help: 'Let one replica at a time run the controllers.' }),
  'leader-election-id': text('name', 'provider-metal-leader-election', { help: 'Name of the Lease.' }),
  'leader-election-namespace': optionalText('namespace', {
    env: 'LEADER_ELECTION_NAMESPACE',
    help: 'Namespace of the Lease. Without it the namespace of the pod.',
  }),
  'heartbeat-namespace': optionalText('namespace', {
    help: 'Namespace of the heartbeat Lease that gardenlet watches. Without it the namespace of the pod.',
  }),
  'heartbeat-renew-interval-seconds': count(30, 1, { help: 'Seconds between two heartbeats.' }),
  ...webhookFlags,
  'webhook-config-server-port': optionalCount(0, {
    help: 'Port to serve webhooks at, 10250 in charts; 0 lets the system choose. Without it there are no webhooks.',
  }),
  'webhook-config-mode': choice(['service', 'url', 'url-service'], 'service', {
    help: 'How the API server of the seed reaches the webhooks: by Service, by --webhook-config-url, or by the DNS name of the Service. API servers of shoots use the DNS name, or the URL.',
  }),
  'webhook-config-owner-namespace': optionalText('namespace', {
    help: 'Namespace that owns the webhook configurations: they go with it. Without it --webhook-config-namespace.',
  }),
  'disable-webhooks': subset(seedWebhookNames, [], { help: 'Webhooks not to serve and not to register.' }),
  ...telemetryFlags,
};
