import { createHash } from 'node:crypto';
import { inPlaceCondition } from '../../apis/machine/in-place.ts';
import {
  type Machine,
  type MachineClass,
  type MachineDeployment,
  type MachineSet,
  machineClasses,
  machineDeployments,
  machineSets,
  machines,
} from '../../apis/machine/machine.ts';
import { type Cache, createCache } from '../../kube/cache.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { createInformer } from '../../kube/informer.ts';
import type { Informer } from '../../kube/lister.ts';
import type { Logger } from '../../kube/logger.ts';
import { type NamespaceWatch, watchNamespaces } from '../../kube/namespace-watch.ts';
import type { KubeObject, ObjectKey } from '../../kube/object.ts';
import { compareResourceVersions } from '../../kube/resource-version.ts';
import { type Secret, secrets } from '../../kube/secret.ts';
import { purposeLabels } from './machine-class.ts';

/** What there is of all shoots' machines; one list and one watch of each kind serve all Workers. */
export interface MachineCaches {
  readonly deployments: Cache<MachineDeployment>;
  readonly sets: Cache<MachineSet>;
  readonly machines: Cache<Machine>;
  readonly classes: Cache<MachineClass>;
  /** Secrets of MachineClasses with either label; the values of `data` are digests. */
  readonly secrets: Cache<Secret>;
  readonly watch: NamespaceWatch;
  readonly machineInformer: Informer<Machine>;
  readonly deploymentInformer: Informer<MachineDeployment>;
  readonly informers: readonly Informer<never>[];
}

export function createMachineCaches(options: {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
}): MachineCaches {
  const { clock } = options;
  const deploymentInformer = createInformer({ ...options, resource: machineDeployments });
  const setInformer = createInformer({ ...options, resource: machineSets, transform: smallSet });
  const machineInformer = createInformer({ ...options, resource: machines, transform: smallMachine });
  const classInformer = createInformer({ ...options, resource: machineClasses });
  const secretInformers = Object.entries(purposeLabels).map(([label, value]) =>
    createInformer({ ...options, resource: secrets, labelSelector: `${label}=${value}`, transform: digested }),
  );
  const informers = [deploymentInformer, setInformer, machineInformer, classInformer, ...secretInformers];
  return {
    deployments: createCache(deploymentInformer, clock),
    sets: createCache(setInformer, clock, smallSet),
    machines: createCache(machineInformer, clock, smallMachine),
    classes: createCache(classInformer, clock),
    secrets: together(secretInformers.map((informer) => createCache(informer, clock, digested))),
    watch: watchNamespaces(informers as unknown as Informer<never>[]),
    machineInformer,
    deploymentInformer,
    informers: informers as unknown as Informer<never>[],
  };
}

/** Caches that may have the same objects: the newest state of each. */
function together<T extends KubeObject>(caches: readonly Cache<T>[]): Cache<T> {
  const newest = (key: ObjectKey) =>
    caches
      .flatMap((cache) => cache.get(key) ?? [])
      .sort((a, b) => compareResourceVersions(b.metadata.resourceVersion, a.metadata.resourceVersion))[0];
  return {
    get: newest,
    list(namespace) {
      const names = new Set(caches.flatMap((cache) => cache.list(namespace).map(({ metadata }) => metadata.name)));
      return [...names].flatMap((name) => newest({ namespace, name }) ?? []);
    },
    remember(object) {
      for (const cache of caches) cache.remember(object);
    },
  };
}

/** The digests that the cache of class Secrets has in the place of base64 values. */
export function digest(base64: string): string {
  return createHash('sha256').update(base64).digest('base64url');
}

function digested(secret: Secret): Secret {
  const data = Object.entries(secret.data ?? {}).map(([key, value]) => [key, digest(value)]);
  return { ...secret, data: Object.fromEntries(data) };
}

function smallSet({ metadata, spec, status }: MachineSet): MachineSet {
  const { machineClass, template, replicas } = spec;
  return {
    metadata,
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      ...(machineClass ? { machineClass } : {}),
      ...(template ? { template: { spec: { class: template.spec.class } } } : {}),
    },
    ...(status ? { status } : {}),
  };
}

/** Of the conditions, which are those of the node and change often, only that of an update in place. */
function smallMachine({ metadata, spec, status }: Machine): Machine {
  const { currentStatus, lastOperation } = status ?? {};
  return {
    metadata,
    spec: { class: spec.class },
    status: {
      conditions: status?.conditions?.filter(({ type }) => type === inPlaceCondition) ?? [],
      ...(currentStatus ? { currentStatus } : {}),
      ...(lastOperation ? { lastOperation } : {}),
    },
  };
}
