import type { KubeClient } from './client.ts';
import { type Clock, sleep } from './clock.ts';
import { toError } from './errors.ts';
import { createLeaseLock } from './lease-lock.ts';
import { LeadershipLostError, type Renewal, renewUntilLost } from './lease-renewal.ts';
import type { Logger } from './logger.ts';
import type { KubeMetrics } from './metrics.ts';

/** In milliseconds. */
export interface LeaseDurations {
  /** How long others wait for a leader that is not heard of; 15 s. */
  readonly leaseMs: number;
  /** How long a leader tries to renew before it takes itself for lost; 10 s. Less than leaseMs, for safety. */
  readonly renewDeadlineMs: number;
  /** Pause between tries, of leader and followers, made longer at random by up to a fifth; 2 s. */
  readonly retryMs: number;
}

const defaults: LeaseDurations = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 };
const jitter = 0.2;
const releaseMs = 2_000;

export interface LeaderOptions {
  readonly client: KubeClient;
  /** The Lease's. */
  readonly namespace: string;
  readonly name: string;
  /** Unique to this process; see createHolder. */
  readonly identity: string;
  /** Whether the bearer of this identity is certain to be dead; see isProvablyDead. Nobody is when absent. */
  readonly isDead?: ((holder: string) => boolean) | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** In [0, 1). */
  readonly random?: (() => number) | undefined;
  readonly metrics?: Pick<KubeMetrics, 'leading'> | undefined;
  readonly durations?: Partial<LeaseDurations> | undefined;
  /** What only the leader does. Its signal is aborted by the stop, and by the loss of leadership. */
  readonly lead: (signal: AbortSignal) => Promise<void>;
  /** Called when another is seen to lead. */
  readonly onFollow?: ((holder: string) => void) | undefined;
  /** Stops: the work is let finish under the lease, then the lease is given back, so that a follower takes over at once. */
  readonly signal: AbortSignal;
}

/**
 * Waits for the Lease, then works while renewing it. Resolves when stopped, or when the work has ended by itself; rejects
 * with the work's error, or with LeadershipLostError as soon as the lease could not be renewed in time or was taken. That
 * comes (leaseMs - renewDeadlineMs) before another may take it; the work is aborted, but not waited for.
 */
export async function runAsLeader(options: LeaderOptions): Promise<void> {
  const election = openElection(options);
  const since = await acquire(election);
  if (since === undefined || options.signal.aborted) return release(election);
  election.log.info({}, 'Became leader');
  options.metrics?.leading(options.name, true);
  try {
    await leadWhileRenewing(election, since);
  } catch (error) {
    if (!(error instanceof LeadershipLostError)) await release(election);
    throw error;
  } finally {
    options.metrics?.leading(options.name, false);
  }
  await release(election);
}

interface Election extends Renewal {
  readonly options: LeaderOptions;
}

function openElection(options: LeaderOptions): Election {
  const { client, namespace, name, identity, clock, random = Math.random, isDead = () => false } = options;
  const durations = { ...defaults, ...options.durations };
  const { leaseMs, renewDeadlineMs, retryMs } = durations;
  if (!(leaseMs > renewDeadlineMs && renewDeadlineMs > retryMs * (1 + jitter) && retryMs > 0)) {
    throw new RangeError('leader election needs lease duration > renew deadline > 1.2 * retry period > 0');
  }
  options.metrics?.leading(name, false);
  return {
    options,
    clock,
    what: `${namespace}/${name}`,
    renewDeadlineMs,
    retryMs,
    lock: createLeaseLock({ client, key: { namespace, name }, identity, leaseMs, clock, isDead }),
    log: options.log.child({ lease: `${namespace}/${name}`, identity }),
    pause: (atMostMs, signal) => sleep(clock, Math.min(atMostMs, retryMs * (1 + jitter * random())), signal),
  };
}

/** Monotonic time since which the lease is held; undefined when stopped before. */
async function acquire({ options, lock, log, pause, renewDeadlineMs }: Election): Promise<number | undefined> {
  const { signal } = options;
  const follow = follower(options, log);
  while (!signal.aborted) {
    let wait = Infinity;
    try {
      const attempt = await lock.acquire({ signal, timeoutMs: renewDeadlineMs / 2 });
      if (attempt.held) return attempt.since;
      wait = follow(attempt);
    } catch (error) {
      if (!signal.aborted) log.warn({ error: toError(error) }, 'Lease could not be read or taken');
    }
    await pause(wait, signal).catch(() => undefined);
  }
  return undefined;
}

/** Tells of each new leader once; returns when its lease ends, in milliseconds. */
function follower({ onFollow }: LeaderOptions, log: Logger): (attempt: { holder: string; freeInMs: number }) => number {
  let leader = '';
  return ({ holder, freeInMs }) => {
    if (!holder) return Infinity;
    if (holder !== leader) {
      log.info({ holder }, 'Another instance leads');
      onFollow?.(holder);
      leader = holder;
    }
    return Math.max(1, freeInMs);
  };
}

async function leadWhileRenewing(election: Election, since: number): Promise<void> {
  const { options, log } = election;
  const work = new AbortController();
  const renewing = new AbortController();
  const onStop = () => work.abort(options.signal.reason);
  if (options.signal.aborted) onStop();
  else options.signal.addEventListener('abort', onStop, { once: true });
  const lost = renewUntilLost(election, since, renewing.signal);
  const done = Promise.resolve().then(() => options.lead(work.signal));
  done.catch(() => undefined);
  try {
    await Promise.race([done, lost]);
  } catch (error) {
    if (error instanceof LeadershipLostError) {
      log.error({ error }, 'Leadership lost');
      work.abort(error);
    }
    throw error;
  } finally {
    options.signal.removeEventListener('abort', onStop);
    renewing.abort();
    lost.catch(() => undefined);
  }
}

async function release({ options, lock, log }: Election): Promise<void> {
  try {
    await lock.release({ timeoutMs: releaseMs });
  } catch (error) {
    log.warn({ error: toError(error) }, 'Lease could not be given back; it will expire');
  }
  options.metrics?.leading(options.name, false);
}
