import { isDeepStrictEqual } from 'node:util';
import type { Informer, InformerEvent } from '../../kube/lister.ts';
import { type KubeObject, keyOf } from '../../kube/object.ts';
import type { Resource } from '../../kube/resource.ts';
import type { SeedObjects, Watched } from '../../providers/health.ts';

/** An informer that runs anyway, of all objects of a resource. */
export interface SharedInformer {
  readonly resource: Resource;
  readonly informer: Informer<never>;
}

/** Local copies of what checks read in the seed. */
export interface Sources {
  /** Made here, each to be run once. */
  readonly informers: readonly Informer<never>[];
  /** Of one that is watched. */
  informer(watched: Watched): Informer<KubeObject>;
  in(namespace: string): SeedObjects;
}

type MakeInformer = (watched: Watched) => Informer<KubeObject>;

export function createSources(
  watched: readonly Watched[],
  shared: readonly SharedInformer[],
  make: MakeInformer,
): Sources {
  const made = new Map<string, Informer<KubeObject>>();
  const known = new Map<string, Informer<KubeObject>>();
  for (const { resource, informer } of shared) known.set(idOf(resource), informer as unknown as Informer<KubeObject>);
  for (const one of watched) {
    const id = idOf(one.resource, one.name);
    if (!known.has(id)) made.set(id, make(one));
    known.set(id, known.get(id) ?? (made.get(id) as Informer<KubeObject>));
  }
  const demand = (resource: Resource, name?: string): Informer<KubeObject> => {
    const informer = known.get(idOf(resource, name)) ?? known.get(idOf(resource));
    if (!informer) throw new Error(`${resource.plural} ${name ?? ''} is read by a health check, and not watched`);
    return informer;
  };
  return {
    informers: [...made.values()] as unknown as Informer<never>[],
    informer: ({ resource, name }) => demand(resource, name),
    in: (namespace) => ({
      find: <T extends KubeObject>(resource: Resource<T>, name: string) =>
        demand(resource, name).get(keyOf({ namespace, name })) as T | undefined,
      list: <T extends KubeObject>(resource: Resource<T>) => demand(resource).list(namespace) as readonly T[],
    }),
  };
}

/** False for a change of what checks do not read. */
export function matters({ name, small }: Watched, event: InformerEvent<KubeObject>): boolean {
  if (name !== undefined && event.object.metadata.name !== name) return false;
  if (event.type !== 'update') return true;
  return !isDeepStrictEqual(unversioned(small(event.old)), unversioned(small(event.object)));
}

function unversioned(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: '' } };
}

const idOf = ({ group, plural }: Resource, name = '*'): string => `${group}/${plural}/${name}`;
