import { controlPlanes, infrastructures, workers } from '../apis/extensions/resources.ts';
import { type ManagedResource, managedResources } from '../apis/resources/managed-resource.ts';
import type { KubeClient } from '../kube/client.ts';
import type { MemoryChange, MemoryStore } from '../kube/memory/store.ts';
import { type KubeObject, keyOf } from '../kube/object.ts';
import { deliveredObjects } from './delivered.ts';

/** One object that comes, changes or goes. */
export interface PlannedObject {
  readonly place: 'seed' | 'shoot';
  /** Name of the ManagedResource by which gardener-resource-manager brings it; absent for what the extension writes itself. */
  readonly via?: string;
  /** Undefined for one that comes. */
  readonly before: KubeObject | undefined;
  /** Undefined for one that goes. */
  readonly after: KubeObject | undefined;
}

/** What gardenlet asks the extension by. Else what gardenlet writes is what a plan begins with, and no part of it. */
const extensionKinds: readonly string[] = [infrastructures, controlPlanes, workers].map(({ kind }) => kind);

/**
 * The extension objects, and everything that the extension has written to the store, with the objects of ManagedResources
 * one by one; in a stable order.
 */
export async function plannedObjects(
  store: MemoryStore,
  client: Pick<KubeClient, 'find'>,
): Promise<readonly PlannedObject[]> {
  const changes = store
    .changes()
    .filter(({ writers, before, after }) => writers.has('extension') || isOf(extensionKinds)({ before, after }));
  const resources = changes.filter(isOf([managedResources.kind]));
  const carriers = new Set(resources.flatMap(({ before, after }) => [...secretsOf(before), ...secretsOf(after)]));
  const isCarrier = ({ before, after }: MemoryChange) =>
    (after ?? before)?.kind === 'Secret' && carriers.has((after ?? before)?.metadata.name ?? '');
  const own = changes.flatMap((change): PlannedObject[] =>
    isCarrier(change) ? [] : [{ place: 'seed', before: change.before, after: change.after }],
  );
  const delivered = await Promise.all(resources.map((change) => contentOf(change, client)));
  return [...own, ...delivered.flat()].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

const isOf =
  (kinds: readonly string[]) =>
  ({ before, after }: Pick<MemoryChange, 'before' | 'after'>): boolean =>
    kinds.includes((after ?? before)?.kind ?? '');

const secretsOf = (resource: ManagedResource | undefined): readonly string[] =>
  (resource?.spec?.secretRefs ?? []).map(({ name }) => name);

async function contentOf(change: MemoryChange, client: Pick<KubeClient, 'find'>): Promise<readonly PlannedObject[]> {
  const before = change.before as ManagedResource | undefined;
  const after = change.after as ManagedResource | undefined;
  const place = (after ?? before)?.spec?.class === 'seed' ? 'seed' : 'shoot';
  const via = (after ?? before)?.metadata.name ?? '';
  const old = before ? await deliveredObjects(client, before) : [];
  const present = after ? await deliveredObjects(client, after) : [];
  const olds = new Map(old.map((object) => [nameOf(object), object]));
  const presents = new Map(present.map((object) => [nameOf(object), object]));
  return [...new Set([...olds.keys(), ...presents.keys()])].map((name) => ({
    ...{ place, via },
    before: olds.get(name),
    after: presents.get(name),
  }));
}

/** Kind, namespace and name. */
export function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${keyOf(metadata)}`;
}

function orderOf({ place, via = '', before, after }: PlannedObject): string {
  const object = after ?? before;
  return [place, via, object ? nameOf(object) : '', object?.apiVersion ?? ''].join('\u0000');
}
