import type { ControlPlane } from '../../apis/extensions/control-plane.ts';
import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import type { Worker } from '../../apis/extensions/worker.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { type Controller, type ControllerMetrics, createController } from '../../kube/controller.ts';
import { createInformer } from '../../kube/informer.ts';
import type { Informer } from '../../kube/lister.ts';
import type { Logger } from '../../kube/logger.ts';
import { keyOf } from '../../kube/object.ts';
import { createReadYourWrites } from '../../kube/written.ts';
import { type HealthChecks, type ProviderHealth, watched } from '../../providers/health.ts';
import { controlPlaneKind } from '../controlplane/kind.ts';
import type { ExtensionController } from '../lifecycle/controller.ts';
import type { ExtensionKind } from '../lifecycle/kind.ts';
import { isServed } from '../lifecycle/work.ts';
import { workerKind } from '../worker/kind.ts';
import { createClusterReader } from './cluster-reader.ts';
import { createHealthReconcile } from './reconcile.ts';
import { createShootClients, type ShootClientOptions, type ShootClients } from './shoot-clients.ts';
import { createSources, matters, type SharedInformer, type Sources } from './sources.ts';
import { asksForCheck, smallSubject } from './subject.ts';

export interface HealthCheckOptions {
  /** Provider type served, e.g. `metal`. */
  readonly type: string;
  readonly classes: readonly string[];
  readonly health: ProviderHealth;
  /** Of each kind. */
  readonly workers: number;
  /** Each object is looked at so often, and when something that its checks read changes. Also the deadline of checks. */
  readonly syncPeriodMs: number;
  /** For clients of shoots. */
  readonly shoot: ShootClientOptions;
  /** Used instead of informers of our own. */
  readonly shared?: readonly SharedInformer[] | undefined;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics?: ((controller: string) => ControllerMetrics) | undefined;
  /** In [0, 1). */
  readonly random?: (() => number) | undefined;
}

const backoff = { baseMs: 1000, capMs: 60_000 };

/** What gardenlet reads of the health of ControlPlanes and Workers, kept up to date (gardener-contract 5.6). */
export function createHealthCheckController(options: HealthCheckOptions): ExtensionController {
  const { health, shared = [], client, clock, log } = options;
  const subjects = [
    watched(controlPlaneKind.resource, smallSubject<ControlPlane>),
    watched(workerKind.resource, smallSubject<Worker>),
  ];
  const all = [...subjects, ...health.controlPlane.watched, ...health.worker.watched];
  const sources = createSources(all, shared, ({ resource, name, small: transform }) => {
    const fieldSelector = name === undefined ? undefined : `metadata.name=${name}`;
    return createInformer({ client, resource, fieldSelector, transform, clock, log });
  });
  return {
    informers: sources.informers,
    async lead(signal) {
      const shoots = createShootClients(client, clock, options.shoot);
      try {
        await Promise.all([
          createKindController(controlPlaneKind, health.controlPlane, sources, shoots, options).run(signal),
          createKindController(workerKind, health.worker, sources, shoots, options).run(signal),
        ]);
      } finally {
        await shoots.close();
      }
    },
  };
}

function createKindController<T extends ExtensionObject>(
  { resource, noun }: ExtensionKind<T>,
  health: HealthChecks,
  sources: Sources,
  shoots: ShootClients,
  options: HealthCheckOptions,
): Controller {
  const { type, classes, syncPeriodMs, client, clock, log, random = Math.random } = options;
  const name = `healthcheck-${noun}`;
  const informer = sources.informer(watched(resource, smallSubject<T>)) as unknown as Informer<T>;
  const objects = createReadYourWrites(informer, clock);
  const clusters = createClusterReader(client, clock);
  const metrics = options.metrics?.(name);
  const controller = createController({
    name,
    workers: options.workers,
    // Time to write what came of checks that took all of theirs.
    deadlineMs: 2 * syncPeriodMs,
    queue: { backoff },
    reconcile: createHealthReconcile({
      resource,
      health,
      objects,
      sources,
      clusters,
      shoots,
      syncPeriodMs,
      client,
      clock,
      random,
    }),
    clock,
    log,
    ...(metrics ? { metrics } : {}),
  });
  const serves = (object: T) => isServed(object, type, classes);
  controller.watch(informer, (event) =>
    serves(event.object) && asksForCheck(event) ? [keyOf(event.object.metadata)] : [],
  );
  for (const one of health.watched) {
    controller.watch(sources.informer(one), (event) =>
      matters(one, event)
        ? informer
            .list(event.object.metadata.namespace)
            .filter(serves)
            .map(({ metadata }) => keyOf(metadata))
        : [],
    );
  }
  return controller;
}
