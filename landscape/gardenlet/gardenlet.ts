import { isDeepStrictEqual } from 'node:util';
import type { ExtensionObject } from '../../src/apis/extensions/extension.ts';
import { controlPlanes, infrastructures, workers } from '../../src/apis/extensions/resources.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { type Clock, systemClock } from '../../src/kube/clock.ts';
import { createInformer } from '../../src/kube/informer.ts';
import type { InformerEvent } from '../../src/kube/lister.ts';
import type { Logger } from '../../src/kube/logger.ts';
import { keyOf } from '../../src/kube/object.ts';
import { createBell } from './bell.ts';
import { syncCredentialsOnChange } from './credentials-sync.ts';
import { createKeyed } from './keyed.ts';
import { isOurs, type OperateDependencies, operate } from './operate.ts';
import { type GardenletEvent, progressOf } from './progress.ts';
import { shoots } from './resources.ts';
import { bindToSeed } from './scheduler.ts';
import { needsForceDeletion, type ShootObject } from './shoot.ts';
import type { ControlPlanes } from './shoot-access.ts';
import { infrastructureWait, type WaitSettings } from './wait.ts';

export interface GardenletOptions {
  readonly garden: KubeClient;
  /** May be the same client: garden and seed are one API server in this landscape. */
  readonly seed: KubeClient;
  /** Ends the run; operations under way are given up and go on at the next start. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Default `local`. Shoots without a seed are bound to it, as gardener-scheduler would. */
  readonly seedName?: string;
  /** Without them only Infrastructures are deployed. */
  readonly controlPlanes?: ControlPlanes | undefined;
  readonly wait?: Partial<WaitSettings>;
  /** After a failed operation; default 1 s, doubled up to 60 s. */
  readonly backoff?: { readonly baseMs: number; readonly maxMs: number };
  /** For how long errors are tried again before the Shoot becomes Failed; default 12 hours, as Gardener. */
  readonly retryForMs?: number;
  readonly onProgress?: (event: GardenletEvent) => void;
}

/**
 * A stand-in for gardenlet, and for gardener-scheduler: follows all Shoots of the seed, brings each up and takes it down
 * as Gardener does, several at once. Resolves after the signal was aborted and all operations have ended. Never rejects.
 */
export async function runGardenlet(options: GardenletOptions): Promise<void> {
  const { garden, seed, signal, log, clock = systemClock, seedName = 'local', onProgress = () => {} } = options;
  const bell = createBell(clock);
  const deps: OperateDependencies = {
    ...{ garden, seed, seedName, clock, log, bell, controlPlanes: options.controlPlanes },
    wait: { ...infrastructureWait, ...options.wait },
    retryForMs: options.retryForMs ?? 12 * 3_600_000,
    report: (shoot, reason, codes) => onProgress({ type: 'report', shoot, reason, codes }),
  };
  const keyed = createKeyed({
    run: async (key, ended) => {
      await bindToSeed(garden, key, seedName, ended);
      await operate(deps, key, ended);
    },
    backoff: options.backoff ?? { baseMs: 1_000, maxMs: 60_000 },
    onError: (key, error) => log.warn({ shoot: key, err: error }, 'The operation failed and is tried again'),
    ...{ clock, signal },
  });

  const shootInformer = createInformer({ client: garden, resource: shoots, log, clock });
  shootInformer.subscribe((event) => {
    const progress = progressOf(event);
    if (progress) onProgress(progress);
    if (event.type === 'delete' || !(isUnbound(event.object) || isOurs(event.object, seedName))) return;
    if (event.type === 'update' && isOurs(event.old, seedName) && !isWorth(event)) return;
    keyed.trigger(keyOf(event.object.metadata), { supersede: supersedes(event) });
  });
  const extensions = [infrastructures, controlPlanes, workers].map((resource) => {
    const informer = createInformer<ExtensionObject>({ client: seed, resource, log, clock });
    informer.subscribe((event) => bell.ring(keyOf(event.object.metadata)));
    return informer;
  });

  await Promise.all([
    shootInformer.run(signal),
    ...extensions.map((informer) => informer.run(signal)),
    syncCredentialsOnChange({ garden, seed, signal, log, clock, seedName, shoots: shootInformer }),
  ]);
  await keyed.drained();
}

const isUnbound = ({ spec, metadata }: ShootObject): boolean => !spec.seedName && !metadata.deletionTimestamp;

type Update = Extract<InformerEvent<ShootObject>, { type: 'update' }>;

/** A change that can ask for an operation: not the status, which is our own writing. */
function isWorth({ old, object }: Update): boolean {
  return (
    old.metadata.generation !== object.metadata.generation ||
    old.metadata.deletionTimestamp !== object.metadata.deletionTimestamp ||
    !isDeepStrictEqual(old.metadata.annotations, object.metadata.annotations) ||
    old.spec.seedName !== object.spec.seedName
  );
}

/** What the operation under way brings about is not wanted any more: it would only be waited for in vain. */
function supersedes(event: InformerEvent<ShootObject>): boolean {
  if (event.type !== 'update') return false;
  const { old, object } = event;
  return (
    Boolean(object.metadata.deletionTimestamp) !== Boolean(old.metadata.deletionTimestamp) ||
    needsForceDeletion(object) !== needsForceDeletion(old) ||
    !isDeepStrictEqual(object.spec.provider.infrastructureConfig, old.spec.provider.infrastructureConfig)
  );
}
