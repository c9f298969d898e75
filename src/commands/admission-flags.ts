import { registrationModes } from '../webhooks/registrar.ts';
import { choice, count, flag, optionalText, text } from './flag-types.ts';
import { telemetryFlags, webhookFlags } from './shared-flags.ts';

/** Flags of `espalier admission`, under the names that operators know from Gardener's extension library. */
export const admissionFlags = {
  kubeconfig: optionalText('path', {
    help: 'Kubeconfig of the garden; $GARDEN_KUBECONFIG goes before it. Without both: $KUBECONFIG, or the service account of the pod.',
  }),
  ...webhookFlags,
  'webhook-config-server-port': count(443, 0, { help: 'Port to serve webhooks at; 0 lets the system choose.' }),
  'webhook-config-mode': choice(['service', 'url', 'url-service'], 'service', {
    help: 'How API servers reach the webhooks: by Service, by --webhook-config-url, or by the DNS name of the Service.',
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
  ...telemetryFlags,
};
