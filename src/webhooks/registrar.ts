import { all } from '../kube/all.ts';
import type { KubeClient } from '../kube/client.ts';
import { isAlreadyExists, isConflict } from '../kube/errors.ts';
import type { Logger } from '../kube/logger.ts';
import { namespaces } from '../kube/namespace.ts';
import type { OwnerReference } from '../kube/object.ts';
import { mergeBundle, mergeConfiguration } from './merge-configuration.ts';
import {
  buildConfiguration,
  type ClientMode,
  configurationName,
  type WebhookConfiguration,
  webhookConfigurations,
} from './registration.ts';
import type { Webhook } from './webhook.ts';

/** `full`: the process writes the configurations. `ca-bundle`: a chart does, and only the bundle is put in. */
export const registrationModes = ['full', 'ca-bundle', 'none'] as const;
type RegistrationMode = (typeof registrationModes)[number];

export interface RegistrarOptions {
  /** Of the cluster whose API server calls the webhooks. */
  readonly client: KubeClient;
  readonly mode: RegistrationMode;
  readonly webhooks: readonly Webhook[];
  readonly target: 'garden' | 'seed';
  readonly component: string;
  readonly clientMode: ClientMode;
  /** Name of the namespace that owns the configurations. */
  readonly ownerNamespace?: string | undefined;
  readonly log: Logger;
}

export interface Registrar {
  /** Makes the configurations so; only for the leader. `bundle` is PEM, undefined to leave what is there. */
  register(bundle: string | undefined, signal: AbortSignal): Promise<void>;
  /**
   * Whether API servers are told to call the webhooks here and to trust `bundle`; for every replica. What the leader has not
   * registered does not count: it may be of another version, and in a rollout it stays until this replica is ready.
   */
  isRegistered(bundle: string | undefined, signal: AbortSignal): Promise<boolean>;
}

const types = ['validating', 'mutating'] as const;
const attempts = 5;

export function createRegistrar(options: RegistrarOptions): Registrar {
  const { client, mode, target, component, ownerNamespace, log } = options;
  const key = { name: configurationName(component, target) };
  const desired = (type: Webhook['type'], bundle: string | undefined, owner?: OwnerReference) =>
    buildConfiguration(type, { ...options, client: options.clientMode, bundle, owner });

  const findOwner = async (signal: AbortSignal): Promise<OwnerReference | undefined> => {
    if (!ownerNamespace) return undefined;
    const { metadata } = await client.get(namespaces, { name: ownerNamespace }, { signal });
    const { name, uid = '' } = metadata;
    return { apiVersion: 'v1', kind: 'Namespace', name, uid, controller: true, blockOwnerDeletion: false };
  };
  const change = async (
    type: Webhook['type'],
    merge: (there: WebhookConfiguration) => WebhookConfiguration,
    signal: AbortSignal,
  ): Promise<boolean> => {
    const resource = webhookConfigurations[type];
    const there = await client.find(resource, key, { signal });
    if (!there) return false;
    const merged = merge(there);
    if (merged === there) return true;
    await client.replace(resource, merged, { signal });
    log.info({ configuration: key.name, type }, 'Wrote the webhook configuration');
    return true;
  };
  const write = async (type: Webhook['type'], bundle: string | undefined, signal: AbortSignal): Promise<void> => {
    const resource = webhookConfigurations[type];
    if (mode === 'ca-bundle') {
      if (bundle !== undefined) await change(type, (there) => mergeBundle(there, bundle), signal);
      return;
    }
    const wanted = desired(type, bundle, await findOwner(signal));
    if (!wanted) {
      if (await client.find(resource, key, { signal })) await client.delete(resource, key, { signal });
      return;
    }
    if (await change(type, (there) => mergeConfiguration(there, wanted), signal)) return;
    await client.create(resource, wanted, { signal });
    log.info({ configuration: key.name, type }, 'Created the webhook configuration');
  };
  /** Of each of our entries that is there, whether its API servers trust us. */
  const entries = async (type: Webhook['type'], bundle: string | undefined, signal: AbortSignal) => {
    const wanted = new Set(desired(type, bundle)?.webhooks?.map(({ name }) => name));
    if (wanted.size === 0) return [];
    const there = await client.find(webhookConfigurations[type], key, { signal });
    const ours = there?.webhooks?.filter(({ name }) => wanted.has(name)) ?? [];
    return ours.map(({ clientConfig }) => trusts(clientConfig.caBundle, bundle));
  };

  return {
    async register(bundle, signal) {
      if (mode === 'none') return;
      await all(types.map((type) => untilWritten(() => write(type, bundle, signal))));
    },
    async isRegistered(bundle, signal) {
      if (mode === 'none') return true;
      if (types.every((type) => !desired(type, bundle))) return true;
      const told = (await Promise.all(types.map((type) => entries(type, bundle, signal)))).flat();
      return told.length > 0 && told.every(Boolean);
    },
  };
}

/** Another wrote at the same time: what is there is looked at anew. */
async function untilWritten(write: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (attempt === attempts || !(isConflict(error) || isAlreadyExists(error))) throw error;
    }
  }
}

/** Whether every certificate of `bundle` is in the base64 that a configuration has. */
function trusts(caBundle: string | undefined, bundle: string | undefined): boolean {
  if (bundle === undefined) return true;
  if (!caBundle) return false;
  const trusted = Buffer.from(caBundle, 'base64').toString();
  return bundle
    .split(/(?<=-----END CERTIFICATE-----)/)
    .map((cert) => cert.trim())
    .every((cert) => trusted.includes(cert));
}
