import type { KubeClient } from '../../src/kube/client.ts';
import type { KubeObject, ObjectKey } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';
import { type Secret, secrets } from './resources.ts';

/** What an extension object has that it needs on another seed. */
export interface ExtensionState {
  readonly state?: unknown;
  readonly resources?: unknown;
}

interface GardenerData {
  readonly name: string;
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
  readonly labels?: Record<string, string>;
}

/** core.gardener.cloud/v1beta1 ShootState: what goes from one seed to the other (gardener-contract 1.12). */
export interface ShootState extends KubeObject {
  spec: {
    gardener?: readonly GardenerData[];
    extensions?: readonly (ExtensionState & { readonly kind: string; readonly name?: string })[];
  };
}

export const shootStates = defineResource<ShootState>({
  group: 'core.gardener.cloud',
  version: 'v1beta1',
  kind: 'ShootState',
  plural: 'shootstates',
  namespaced: true,
});

export async function deleteShootState(garden: KubeClient, key: ObjectKey, signal: AbortSignal): Promise<void> {
  const annotations = { 'confirmation.gardener.cloud/deletion': 'true' };
  await garden.mergePatch(shootStates, key, { metadata: { annotations } }, { signal });
  await garden.delete(shootStates, key, { signal });
}

/**
 * What was kept before, brought up to date. A migration that is tried again finds objects gone of which it has kept the
 * state already.
 */
export function withKept(kept: ShootState | undefined, found: ShootState): ShootState {
  const before = kept?.spec ?? {};
  const { gardener, extensions } = found.spec;
  return {
    ...found,
    spec: {
      gardener: latest(({ type, name }) => `${type}/${name}`, before.gardener, gardener),
      extensions: latest(({ kind, name }) => `${kind}/${name}`, before.extensions, extensions),
    },
  };
}

function latest<T>(key: (entry: T) => string, before: readonly T[] = [], found: readonly T[] = []): T[] {
  return [...new Map([...before, ...found].map((entry) => [key(entry), entry])).values()];
}

const machineState = 'machine-state';

/** That of a Worker is the state of its machines, which gardenlet keeps. */
export function stateOfExtension({ spec }: ShootState, kind: string, name: string): ExtensionState {
  if (kind === 'Worker') {
    const kept = spec.gardener?.find(({ type }) => type === machineState);
    return kept ? { state: kept.data } : {};
  }
  const { state, resources } = spec.extensions?.find((one) => one.kind === kind && one.name === name) ?? {};
  return definedOf({ state, resources });
}

export const definedOf = ({ state, resources }: ExtensionState): ExtensionState => ({
  ...(state === undefined ? {} : { state }),
  ...(resources === undefined ? {} : { resources }),
});

export const machineStateData = (data: Readonly<Record<string, string>>): GardenerData => ({
  name: machineState,
  type: machineState,
  data,
});

/** Secrets that cannot be made anew, say because they are authorities. */
export async function persistedSecrets(
  client: KubeClient,
  namespace: string,
  signal: AbortSignal,
): Promise<GardenerData[]> {
  const { items } = await client.list(secrets, { namespace, labelSelector: 'persist=true', signal });
  return items.map(({ metadata, data = {} }) => ({
    name: metadata.name,
    type: 'secret',
    data,
    labels: metadata.labels ?? {},
  }));
}

export function secretsOf({ spec }: ShootState, namespace: string): Secret[] {
  const kept = spec.gardener?.filter(({ type }) => type === 'secret') ?? [];
  return kept.map(({ name, data, labels = {} }) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels },
    type: 'Opaque',
    immutable: true,
    data,
  }));
}
