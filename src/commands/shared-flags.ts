import { address, choice, count, optionalText } from './flag-types.ts';

/** Flags of every process that serves metrics and probes. */
export const telemetryFlags = {
  'metrics-bind-address': address(':8080', { help: 'Where /metrics is served; 0 turns it off.' }),
  'health-bind-address': address(':8081', { help: 'Where /healthz and /readyz are served; 0 turns it off.' }),
  'log-level': choice(['debug', 'info', 'warn', 'error'], 'info', { help: 'Least severe level that is logged.' }),
  'log-format': choice(['json', 'text'], 'json', { help: 'json for machines, text for people.' }),
};

/** Flags of every process that serves webhooks. */
export const webhookFlags = {
  'webhook-config-server-host': optionalText('host', { help: 'Address to serve webhooks at. Without it: all.' }),
  'webhook-config-cert-dir': optionalText('path', {
    help: 'Directory with tls.crt and tls.key, and ca.crt if the bundle is to be registered. Read again when they change. Without those files certificates are made.',
  }),
  'webhook-config-url': optionalText('host[:port]', { help: 'For the mode url.' }),
  'webhook-config-service-port': count(443, 1, { help: 'Port of the Service.' }),
  'webhook-config-namespace': optionalText('namespace', {
    env: 'WEBHOOK_CONFIG_NAMESPACE',
    help: 'Namespace of the Service, and of the Secrets with the certificates that replicas share. Without it certificates stay in memory.',
  }),
};
