import type { CallOptions, KubeClient } from './client.ts';
import type { Clock } from './clock.ts';
import { isAlreadyExists, isConflict, isNotFound } from './errors.ts';
import { type Lease, type LeaseSpec, leases, microTime } from './lease.ts';
import type { ObjectKey } from './object.ts';

export type Attempt =
  /** `since`: monotonic time before the write was sent, which is when the lease's term began at the latest for others. */
  | { readonly held: true; readonly since: number }
  /** `freeInMs`: when it is free if its holder is not heard of again. */
  | { readonly held: false; readonly holder: string; readonly freeInMs: number };

/** One Lease as a lock. Every write is guarded by the resourceVersion of what was read. */
export interface LeaseLock {
  /** Takes the lease if it is free, expired, or its holder is dead; throws for trouble on the way. */
  acquire(options: CallOptions): Promise<Attempt>;
  /** Keeps a lease that is held; not held when it was in other hands, or in none, since. */
  renew(options: CallOptions): Promise<Attempt>;
  /** Gives the lease back if it is ours, also after a write whose answer did not come. */
  release(options: CallOptions): Promise<void>;
}

export interface LeaseLockOptions {
  readonly client: KubeClient;
  readonly key: ObjectKey;
  readonly identity: string;
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly isDead: (holder: string) => boolean;
}

export function createLeaseLock(options: LeaseLockOptions): LeaseLock {
  const { client, key, identity, leaseMs, clock, isDead } = options;
  const watch = observer(clock, leaseMs);
  /** What the last write brought; undefined when that is not known. */
  let ours: Lease | undefined;
  let mayHold = false;

  const term = (): LeaseSpec => ({
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(leaseMs / 1000),
    renewTime: microTime(clock.now()),
  });

  const write = async (lease: Lease, call: CallOptions): Promise<Attempt> => {
    const since = clock.monotonic();
    mayHold = true;
    ours = undefined;
    ours = await (lease.metadata.resourceVersion
      ? client.replace(leases, lease, call)
      : client.create(leases, lease, call));
    return { held: true, since };
  };

  const take = (lease: Lease | undefined, call: CallOptions): Promise<Attempt> => {
    const spec = { ...lease?.spec, ...term(), acquireTime: microTime(clock.now()) };
    const leaseTransitions = lease ? (lease.spec?.leaseTransitions ?? 0) + 1 : 0;
    return write({ ...(lease ?? newLease(key)), spec: { ...spec, leaseTransitions } }, call);
  };

  const prolong = (lease: Lease, call: CallOptions): Promise<Attempt> =>
    write({ ...lease, spec: { ...lease.spec, ...term() } }, call);

  const heldBy = (holder: string, freeInMs: number): Attempt => ({ held: false, holder, freeInMs });

  return {
    async acquire(call) {
      const lease = await client.find(leases, key, call);
      const holder = lease?.spec?.holderIdentity ?? '';
      if (lease && holder === identity) return prolong(lease, call);
      const freeInMs = lease ? watch(lease) : 0;
      if (holder && freeInMs > 0 && !isDead(holder)) return heldBy(holder, freeInMs);
      return take(lease, call).catch((error) => {
        if (isConflict(error) || isAlreadyExists(error) || isNotFound(error)) return heldBy('', 0);
        throw error;
      });
    },

    async renew(call) {
      if (ours) {
        const renewed = await prolong(ours, call).catch((error) => {
          if (!isConflict(error) && !isNotFound(error)) throw error;
        });
        if (renewed) return renewed;
      }
      const lease = await client.find(leases, key, call);
      const holder = lease?.spec?.holderIdentity ?? '';
      if (lease && holder !== identity) return heldBy(holder, watch(lease));
      return lease ? prolong(lease, call) : take(undefined, call);
    },

    async release(call) {
      if (!mayHold) return;
      const free = (lease: Lease): Promise<Lease> =>
        client.replace(
          leases,
          { ...lease, spec: { ...lease.spec, ...term(), holderIdentity: '', leaseDurationSeconds: 1 } },
          call,
        );
      const known = ours;
      ours = undefined;
      if (known && (await free(known).catch(unlessConflict))) return;
      const lease = await client.find(leases, key, call);
      if (lease?.spec?.holderIdentity === identity) await free(lease);
    },
  };
}

function unlessConflict(error: unknown): undefined {
  if (!isConflict(error)) throw error;
}

function newLease(key: ObjectKey): Lease {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: key.name, ...(key.namespace && { namespace: key.namespace }) },
  };
}

/**
 * Tells how long a lease is still to be respected, in milliseconds: its own duration from the moment when its last change
 * was seen here. The times written in it are never compared with a clock: the clocks of two machines differ.
 */
function observer(clock: Clock, defaultMs: number): (lease: Lease) => number {
  let seen = '';
  let at = 0;
  return ({ metadata, spec = {} }) => {
    const { holderIdentity, acquireTime, renewTime, leaseTransitions, leaseDurationSeconds = 0 } = spec;
    const state = JSON.stringify([metadata.uid, holderIdentity, acquireTime, renewTime, leaseTransitions]);
    if (state !== seen) {
      seen = state;
      at = clock.monotonic();
    }
    const term = leaseDurationSeconds > 0 ? leaseDurationSeconds * 1000 : defaultMs;
    return Math.max(0, at + term - clock.monotonic());
  };
}
