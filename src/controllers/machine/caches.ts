import { type Machine, type MachineClass, machineClasses, machines } from '../../apis/machine/machine.ts';
import { type Cache, createCache } from '../../kube/cache.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { createInformer, type VersionedInformer } from '../../kube/informer.ts';
import type { Informer } from '../../kube/lister.ts';
import type { Logger } from '../../kube/logger.ts';
import type { KubeObject } from '../../kube/object.ts';
import { type Secret, secrets } from '../../kube/secret.ts';
import { classRefOf } from './machine-class.ts';
import { deploymentLabel, machineNameLabel, nodeLabel } from './names.ts';
import { type Node, nodes, smallNode } from './node.ts';

/** A cache that finds its objects by what they say, too. */
export interface IndexedCache<T extends KubeObject> extends Cache<T> {
  readonly informer: VersionedInformer<T>;
  byIndex(index: string, value: string): readonly T[];
}

export interface ControlCaches {
  /** Indexes: node, deployment, class. */
  readonly machines: IndexedCache<Machine>;
  /** Index: secret. */
  readonly classes: IndexedCache<MachineClass>;
  /** Without data. */
  readonly secrets: IndexedCache<Secret>;
}

export interface TargetCaches {
  /** Index: machine. */
  readonly nodes: IndexedCache<Node>;
}

interface CacheOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
}

export function createControlCaches(options: CacheOptions & { readonly namespace: string }): ControlCaches {
  const { clock } = options;
  const machineInformer = createInformer({
    ...options,
    resource: machines,
    transform: withSpec,
    indexes: {
      node: labelIndex(nodeLabel),
      deployment: labelIndex(deploymentLabel),
      class: (machine) => [classRefOf(machine).name],
    },
  });
  const classInformer = createInformer({ ...options, resource: machineClasses, indexes: { secret: secretNamesOf } });
  const secretInformer = createInformer({ ...options, resource: secrets, transform: withoutData });
  return {
    machines: indexed(machineInformer, createCache(machineInformer, clock, withSpec)),
    classes: indexed(classInformer, createCache(classInformer, clock)),
    secrets: indexed(secretInformer, createCache(secretInformer, clock, withoutData)),
  };
}

export function createTargetCaches(options: CacheOptions): TargetCaches {
  const indexes = { machine: labelIndex(machineNameLabel) };
  const informer = createInformer({ ...options, resource: nodes, transform: smallNode, indexes });
  return { nodes: indexed(informer, createCache(informer, options.clock, smallNode)) };
}

/** Secrets of a class, by name: all are in its namespace. */
export function secretNamesOf({ secretRef, credentialsSecretRef }: MachineClass): readonly string[] {
  const names = [secretRef?.name, credentialsSecretRef?.name].flatMap((name) => name || []);
  return [...new Set(names)];
}

export function informersOf(...caches: readonly object[]): readonly Informer<never>[] {
  return caches.flatMap((group) =>
    Object.values(group as Record<string, IndexedCache<never>>).map(({ informer }) => informer),
  );
}

function indexed<T extends KubeObject>(informer: VersionedInformer<T>, cache: Cache<T>): IndexedCache<T> {
  return {
    ...cache,
    informer,
    byIndex: (index, value) => informer.byIndex(index, value).flatMap(({ metadata }) => cache.get(metadata) ?? []),
  };
}

function labelIndex(label: string): (object: KubeObject) => readonly string[] {
  return ({ metadata }) => [metadata.labels?.[label] ?? []].flat();
}

/** A person may have left it out. */
function withSpec(machine: Machine): Machine {
  return (machine.spec as unknown) === undefined ? { ...machine, spec: { class: { kind: '', name: '' } } } : machine;
}

/** A control plane has hundreds; only a few are a class's, and those are read when they are needed. */
function withoutData({ metadata }: Secret): Secret {
  const { namespace, name, uid, resourceVersion, deletionTimestamp, finalizers } = metadata;
  return {
    metadata: {
      name,
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
      ...(deletionTimestamp && { deletionTimestamp }),
      ...(finalizers && { finalizers }),
    },
  };
}
