import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import { clusters, type RawCluster } from '../../apis/extensions/resources.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { type Controller, type ControllerMetrics, createController, type MapEvent } from '../../kube/controller.ts';
import type { EventRecorder } from '../../kube/events.ts';
import { createInformer } from '../../kube/informer.ts';
import type { Informer } from '../../kube/lister.ts';
import type { Logger } from '../../kube/logger.ts';
import { watchNamespaces } from '../../kube/namespace-watch.ts';
import { keyOf } from '../../kube/object.ts';
import { createReadYourWrites } from '../../kube/written.ts';
import type { Actuator } from '../../providers/provider.ts';
import type { ExtensionKind } from './kind.ts';
import type { ObjectMetrics } from './object-metrics.ts';
import { createLifecycle } from './reconciler.ts';
import { isServed, wakesUp } from './work.ts';

export interface ExtensionControllerOptions<T extends ExtensionObject> {
  readonly kind: ExtensionKind<T>;
  /** Provider type served, e.g. `metal`. */
  readonly type: string;
  readonly classes: readonly string[];
  readonly actuator: Actuator<T>;
  readonly workers: number;
  readonly ignoreOperationAnnotation: boolean;
  /** What the actuator reads, besides its own kind. */
  readonly caches?: readonly Informer<never>[];
  /** What an object is reconciled for although Gardener does not ask. */
  readonly triggers?: readonly Trigger[];
  readonly client: KubeClient;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics?: ControllerMetrics;
  readonly objectMetrics?: ObjectMetrics;
}

/** Events of other objects, and the keys of the objects to be reconciled for each. Its informer must be one of the caches. */
export interface Trigger {
  readonly informer: Informer<never>;
  readonly keys: MapEvent<never>;
}

/** A controller with the informers that it reads: these run in every replica, the controller in the leader only. */
export interface ExtensionController {
  readonly informers: readonly Informer<never>[];
  /** To be called when the replica leads. */
  lead(signal: AbortSignal): Promise<void>;
}

/** First and longest wait before a failed run is repeated. */
const backoff = { baseMs: 200, capMs: 60_000 };

export function createExtensionController<T extends ExtensionObject>(
  options: ExtensionControllerOptions<T>,
): ExtensionController {
  const { kind, client, clock, log, caches = [] } = options;
  const informer = createInformer({ client, resource: kind.resource, clock, log });
  const clusterInformer = options.ignoreOperationAnnotation
    ? createInformer({ client, resource: clusters, transform: nameOnly, clock, log })
    : undefined;
  const changes = watchNamespaces([informer]);
  const serves = (object: T) => isServed(object, options.type, options.classes);
  options.objectMetrics?.(kind.noun, () => informer.list().filter(serves));
  const own = [informer, ...(clusterInformer ? [clusterInformer] : [])] as unknown as Informer<never>[];

  return {
    informers: [...own, ...caches],
    async lead(signal) {
      const objects = createReadYourWrites(informer, clock);
      const unasked = new Set<string>();
      const reconcile = createLifecycle({ ...options, objects, changes, unasked });
      const { workers, metrics } = options;
      const controller = createController({
        name: kind.noun,
        workers,
        deadlineMs: kind.deadlineMs,
        queue: { backoff },
        reconcile,
        clock,
        log,
        ...(metrics ? { metrics } : {}),
      });
      controller.watch(informer, (event) =>
        serves(event.object) && wakesUp(event, options.ignoreOperationAnnotation) ? [keyOf(event.object.metadata)] : [],
      );
      if (clusterInformer) watchClusters(controller, clusterInformer, informer, serves);
      for (const cache of caches) controller.watch(cache, () => []);
      for (const trigger of options.triggers ?? []) {
        controller.watch(trigger.informer, (event) => {
          const keys = trigger.keys(event).filter((key) => {
            const object = informer.get(key);
            return object !== undefined && serves(object);
          });
          for (const key of keys) unasked.add(key);
          return keys;
        });
      }
      await controller.run(signal);
    },
  };
}

/** Without gardenlet's annotation, a change of the Cluster is what a reconcile has to follow. */
function watchClusters<T extends ExtensionObject>(
  controller: Controller,
  clusterInformer: Informer<RawCluster>,
  informer: Informer<T>,
  serves: (object: T) => boolean,
): void {
  controller.watch(clusterInformer, (event) =>
    event.type === 'delete'
      ? []
      : informer
          .list(event.object.metadata.name)
          .filter(serves)
          .map((object) => keyOf(object.metadata)),
  );
}

function nameOnly(cluster: RawCluster): RawCluster {
  const { name, uid, resourceVersion } = cluster.metadata;
  return { metadata: { name, ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) } };
}
