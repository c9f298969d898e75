import type { KubeObject, OwnerReference } from '../kube/object.ts';
import { defineResource, type Resource } from '../kube/resource.ts';
import type { LabelSelector, Webhook } from './webhook.ts';

/** Where API servers reach the webhooks. Service and namespace are the extension's own. */
export type ClientMode =
  | { readonly mode: 'service'; readonly namespace: string; readonly servicePort: number }
  | { readonly mode: 'url-service'; readonly namespace: string; readonly servicePort: number }
  /** `url`: host, host:port; perhaps with a path before the webhook's. */
  | { readonly mode: 'url'; readonly url: string };

interface ClientConfig {
  service?: { namespace: string; name: string; path: string; port: number };
  url?: string;
  /** PEM in base64. */
  caBundle?: string;
}

export interface WebhookEntry {
  name: string;
  clientConfig: ClientConfig;
  rules: object[];
  failurePolicy: string;
  matchPolicy: string;
  sideEffects: string;
  timeoutSeconds: number;
  admissionReviewVersions: string[];
  namespaceSelector: LabelSelector;
  objectSelector: LabelSelector;
}

export interface WebhookConfiguration extends KubeObject {
  webhooks?: WebhookEntry[];
}

type Type = Webhook['type'];
type Target = Webhook['target'];

const group = 'admissionregistration.k8s.io';

export const webhookConfigurations: Readonly<Record<Type, Resource<WebhookConfiguration>>> = {
  validating: defineResource({
    group,
    version: 'v1',
    kind: 'ValidatingWebhookConfiguration',
    plural: 'validatingwebhookconfigurations',
    namespaced: false,
  }),
  mutating: defineResource({
    group,
    version: 'v1',
    kind: 'MutatingWebhookConfiguration',
    plural: 'mutatingwebhookconfigurations',
    namespaced: false,
  }),
};

export interface RegistrationOptions {
  /** Of any type and target. */
  readonly webhooks: readonly Webhook[];
  readonly target: Target;
  /** Name of the component, e.g. `admission-metal`, `provider-metal`. */
  readonly component: string;
  readonly client: ClientMode;
  /** PEM; undefined when it is put in by another. */
  readonly bundle: string | undefined;
  /** The namespace with which the configurations go. */
  readonly owner?: OwnerReference | undefined;
}

/** `gardener-extension-<component>`, and with `-shoot` for what is registered in shoots (gardener-contract 4.1). */
export function configurationName(component: string, target: Target): string {
  return `${extensionName(component)}${target === 'shoot' ? '-shoot' : ''}`;
}

/** Name of the Service and of the Deployment as well. */
function extensionName(component: string): string {
  return component.startsWith('gardener-') ? component : `gardener-extension-${component}`;
}

/** DNS names and addresses that the server certificate must be for. */
export function servingHosts(component: string, client: ClientMode): string[] {
  if (client.mode === 'url') return [new URL(urlOf(client.url, '/')).hostname.replace(/^\[|\]$/g, '')];
  const name = extensionName(component);
  return [name, `${name}.${client.namespace}`, `${name}.${client.namespace}.svc`];
}

/** The configuration for webhooks of that type, sorted by name; undefined when there are none. */
export function buildConfiguration(type: Type, options: RegistrationOptions): WebhookConfiguration | undefined {
  const { webhooks, target, component, owner } = options;
  const entries = webhooks
    .filter((webhook) => webhook.type === type && webhook.target === target)
    .map((webhook) => entryOf(webhook, options))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (entries.length === 0) return undefined;
  const { kind, version } = webhookConfigurations[type];
  return {
    apiVersion: `${group}/${version}`,
    kind,
    metadata: {
      name: configurationName(component, target),
      labels: { 'remediation.webhook.shoot.gardener.cloud/exclude': 'true' },
      ...(owner && target !== 'shoot' && { ownerReferences: [owner] }),
    },
    webhooks: entries,
  };
}

/** Every field is set, also to what the API server would fill in: what it answers is then the same as what was sent. */
function entryOf(webhook: Webhook, options: RegistrationOptions): WebhookEntry {
  const { component, target } = options;
  return {
    name: `${webhook.name}.${component.replace(/^provider-/, '')}.extensions.gardener.cloud`,
    clientConfig: clientConfig(webhook.path, options),
    rules: webhook.rules.map(({ apiGroups, apiVersions, resources }) => ({
      apiGroups,
      apiVersions,
      resources,
      operations: ['CREATE', 'UPDATE'],
      scope: '*',
    })),
    failurePolicy: webhook.failurePolicy ?? (target === 'shoot' ? 'Ignore' : 'Fail'),
    matchPolicy: 'Exact',
    sideEffects: 'None',
    timeoutSeconds: 10,
    admissionReviewVersions: ['v1', 'v1beta1'],
    namespaceSelector: webhook.namespaceSelector ?? {},
    objectSelector: webhook.objectSelector ?? {},
  };
}

function clientConfig(path: string, { client, component, target, bundle }: RegistrationOptions): ClientConfig {
  const caBundle = bundle === undefined ? {} : { caBundle: Buffer.from(bundle).toString('base64') };
  if (client.mode === 'url') return { url: urlOf(client.url, path), ...caBundle };
  const { namespace, servicePort: port } = client;
  const name = extensionName(component);
  // The API server of a shoot does not know the seed's Services, but its DNS does.
  if (client.mode === 'url-service' || target === 'shoot') {
    return { url: `https://${name}.${namespace}:${port}${path}`, ...caBundle };
  }
  return { service: { namespace, name, path, port }, ...caBundle };
}

function urlOf(base: string, path: string): string {
  return `https://${base.replace(/^https:\/\//, '').replace(/\/+$/, '')}${path}`;
}
