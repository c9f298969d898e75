import { registrationModes } from '../webhooks/registrar.ts';
import { address, choice, count, flag, optionalText, text } from './flag-types.ts';

/** Flags of `espalier admission`, under the names that operators know from Gardener's extension library. */
export const admissionFlags = {
  kubeconfig: optionalText('path', {
    help: 'Kubeconfig of the garden; $GARDEN_KUBECONFIG goes before it. Without both: $KUBECONFIG, or the service account of the pod.',
  }),
  'webhook-config-server-host': optionalText('host', { help: 'Address to serve webhooks at. Without it: all.' }),
  'webhook-config-server-port': count(443, 0, { help: 'Port to serve webhooks at; 0 lets the system choose.' }),
  'webhook-config-cert-dir': optionalText('path', {
    help: 'Directory with tls.crt and tls.key, and ca.crt if the bundle is to be registered. Read again when they change. Without those files certificates are made.',
  }),
  'webhook-config-mode': choice(['service', 'url', 'url-service'], 'service', {
    help: 'How API servers reach the webhooks: by Service, by --webhook-config-url, or by the DNS name of the Service.',
  }),
  'webhook-config-url': optionalText('host[:port]', { help: 'For the mode url.' }),
  'webhook-config-service-port': count(443, 1, { help: 'Port of the Service.' }),
  'webhook-config-namespace': optionalText('namespace', {
    env: 'WEBHOOK_CONFIG_NAMESPACE',
    help: 'Namespace of the Service, and of the Secrets with the certificates that replicas share. Without it certificates stay in memory.',
  }),
  'webhook-config-owner-namespace': optionalText('namespace', {
    help: 'Namespace in the garden that owns the webhook configurations: they go with it. Without it --webhook-config-namespace, if that is in the same cluster.',
  }),
  'webhook-config-registration': choice(registrationModes, 'full', {
    help: 'full: write the webhook configurations. ca-bundle: a chart writes them, only put the bundle in. none: neither.',
  }),
  'leader-election': flag(true, { help: 'Let one replica at a time renew certificates and write configurations.' }),
  'leader-election-id': text('name', 'gardener-extension-admission-metal', { help: 'Name of the Lease.' }),
  'leader-election-namespace': optionalText('namespace', {
    env: 'LEADER_ELECTION_NAMESPACE',
    help: 'Namespace of the Lease. Without it --webhook-config-namespace, or the namespace of the pod.',
  }),
  'metrics-bind-address': address(':8080', { help: 'Where /metrics is served; 0 turns it off.' }),
  'health-bind-address': address(':8081', { help: 'Where /healthz and /readyz are served; 0 turns it off.' }),
  'log-level': choice(['debug', 'info', 'warn', 'error'], 'info', { help: 'Least severe level that is logged.' }),
  'log-format': choice(['json', 'text'], 'json', { help: 'json for machines, text for people.' }),
};
