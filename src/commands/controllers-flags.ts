import { seedWebhookNames } from '../webhooks/seed/names.ts';
import { address, choice, count, flag, optionalCount, optionalText, subset, text } from './flag-types.ts';

const controllerNames = ['infrastructure', 'heartbeat'] as const;

/** Flags of `espalier controllers`, under the names that operators know from Gardener's extension library. */
export const controllersFlags = {
  'config-file': optionalText('path', { help: 'ControllerConfiguration of the provider, YAML or JSON. Required.' }),
  kubeconfig: optionalText('path', {
    help: 'Kubeconfig of the seed. Without it: $KUBECONFIG, or the service account of the pod.',
  }),
  controllers: subset(controllerNames, controllerNames, { help: 'Controllers to run.' }),
  'disable-controllers': subset(controllerNames, [], { help: 'Controllers not to run.' }),
  'infrastructure-max-concurrent-reconciles': count(5, 1, { help: 'Infrastructures reconciled at the same time.' }),
  'extension-classes': subset(['shoot', 'seed', 'garden'], ['shoot'], {
    help: 'Extension classes to serve. An object without a class counts as shoot.',
  }),
  'ignore-operation-annotation': flag(false, {
    help: 'Reconcile on every change of a spec instead of when gardenlet asks. For development: it breaks the maintenance window.',
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
  'webhook-config-server-host': optionalText('host', { help: 'Address to serve webhooks at. Without it: all.' }),
  'webhook-config-server-port': optionalCount(0, {
    help: 'Port to serve webhooks at, 10250 in charts; 0 lets the system choose. Without it there are no webhooks.',
  }),
  'webhook-config-cert-dir': optionalText('path', {
    help: 'Directory with tls.crt and tls.key, and ca.crt if the bundle is to be registered. Read again when they change. Without those files certificates are made.',
  }),
  'webhook-config-mode': choice(['service', 'url', 'url-service'], 'service', {
    help: 'How the API server of the seed reaches the webhooks: by Service, by --webhook-config-url, or by the DNS name of the Service. API servers of shoots use the DNS name, or the URL.',
  }),
  'webhook-config-url': optionalText('host[:port]', { help: 'For the mode url.' }),
  'webhook-config-service-port': count(443, 1, { help: 'Port of the Service.' }),
  'webhook-config-namespace': optionalText('namespace', {
    env: 'WEBHOOK_CONFIG_NAMESPACE',
    help: 'Namespace of the Service, and of the Secrets with the certificates that replicas share. Without it certificates stay in memory.',
  }),
  'webhook-config-owner-namespace': optionalText('namespace', {
    help: 'Namespace that owns the webhook configurations: they go with it. Without it --webhook-config-namespace.',
  }),
  'disable-webhooks': subset(seedWebhookNames, [], { help: 'Webhooks not to serve and not to register.' }),
  'metrics-bind-address': address(':8080', { help: 'Where /metrics is served; 0 turns it off.' }),
  'health-bind-address': address(':8081', { help: 'Where /healthz and /readyz are served; 0 turns it off.' }),
  'log-level': choice(['debug', 'info', 'warn', 'error'], 'info', { help: 'Least severe level that is logged.' }),
  'log-format': choice(['json', 'text'], 'json', { help: 'json for machines, text for people.' }),
};
