import { type BackoffOptions, createBackoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import { createDelay } from './delay.ts';
import { type BucketOptions, createTokenBucket } from './token-bucket.ts';

/** What a queue reports; see metrics.ts. Durations in seconds. */
export interface QueueMetrics {
  /** Called once, so that gauges can ask the queue when they are read. */
  watch(queue: QueueGauges): void;
  added(): void;
  taken(waited: number): void;
  finished(worked: number): void;
  retried(): void;
}

export interface QueueGauges {
  readonly length: number;
  /** Seconds for which each key that is in work has been so. */
  working(): readonly number[];
}

export interface QueueOptions {
  readonly backoff?: BackoffOptions | undefined;
  /** Over all keys, for retries only. */
  readonly bucket?: BucketOptions | undefined;
}

/**
 * Keys that wait for work, each at most once. A key that is added while it is in work runs again after `done`, so it is
 * never in work twice at once and no change is lost. First come, first served: a key that is added all the time goes to
 * the back each time, and does not keep others waiting.
 */
export interface WorkQueue extends QueueGauges {
  add(key: string): void;
  /** Adds the key after `ms`; of several such calls for one key the earliest wake-up wins. Not a number counts as 0. */
  addAfter(key: string, ms: number): void;
  /** Adds the key after its back-off, or later when too many retries wait. */
  addRateLimited(key: string): void;
  /** Starts the key's back-off anew. */
  forget(key: string): void;
  /** The next key; undefined when the signal is aborted or the queue shut down. Each key must be given back by `done`. */
  get(signal?: AbortSignal): Promise<string | undefined>;
  done(key: string): void;
  /** Hands out nothing more and takes nothing more; resolves when every key that is in work is done. */
  shutDown(): Promise<void>;
}

export interface QueueDeps extends QueueOptions {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random?: (() => number) | undefined;
  readonly metrics?: QueueMetrics | undefined;
}

type Getter = (key: string | undefined) => void;

class KeyQueue implements WorkQueue {
  readonly #clock: Clock;
  readonly #metrics: QueueMetrics | undefined;
  readonly #backoff;
  readonly #bucket;
  readonly #delay;
  /** Keys to run, with the time since when. A key in work that is dirty stands here, but not in the line. */
  readonly #dirty = new Map<string, number>();
  readonly #working = new Map<string, number>();
  readonly #getters = new Set<Getter>();
  readonly #drained: (() => void)[] = [];
  #line: string[] = [];
  #head = 0;
  #closed = false;

  constructor(deps: QueueDeps) {
    this.#clock = deps.clock;
    this.#metrics = deps.metrics;
    this.#backoff = createBackoff(deps.random ?? Math.random, deps.backoff);
    this.#bucket = createTokenBucket(deps.clock, deps.bucket);
    this.#delay = createDelay(deps.clock, (key) => this.add(key));
    this.#metrics?.watch(this);
  }

  get length(): number {
    return this.#line.length - this.#head;
  }

  working(): readonly number[] {
    const now = this.#clock.monotonic();
    return [...this.#working.values()].map((since) => (now - since) / 1000);
  }

  add(key: string): void {
    if (this.#closed || this.#dirty.has(key)) return;
    this.#dirty.set(key, this.#clock.monotonic());
    this.#metrics?.added();
    if (!this.#working.has(key)) this.#enqueue(key);
  }

  addAfter(key: string, ms: number): void {
    if (this.#closed) return;
    if (ms > 0) this.#delay.add(key, ms);
    else this.add(key);
  }

  addRateLimited(key: string): void {
    if (this.#closed) return;
    this.#metrics?.retried();
    this.addAfter(key, Math.max(this.#backoff.next(key), this.#bucket.reserve()));
  }

  forget(key: string): void {
    this.#backoff.forget(key);
  }

  get(signal?: AbortSignal): Promise<string | undefined> {
    if (this.#closed || signal?.aborted) return Promise.resolve(undefined);
    if (this.length > 0) return Promise.resolve(this.#take());
    return new Promise((resolve) => {
      const getter: Getter = (key) => {
        this.#getters.delete(getter);
        signal?.removeEventListener('abort', onAbort);
        resolve(key);
      };
      const onAbort = () => getter(undefined);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#getters.add(getter);
    });
  }

  done(key: string): void {
    const since = this.#working.get(key);
    if (since === undefined) return;
    this.#working.delete(key);
    this.#metrics?.finished((this.#clock.monotonic() - since) / 1000);
    if (this.#dirty.has(key) && !this.#closed) this.#enqueue(key);
    this.#settle();
  }

  shutDown(): Promise<void> {
    this.#closed = true;
    this.#delay.clear();
    this.#line = [];
    this.#head = 0;
    for (const getter of [...this.#getters]) getter(undefined);
    return new Promise((resolve) => {
      this.#drained.push(resolve);
      this.#settle();
    });
  }

  #settle(): void {
    if (!this.#closed || this.#working.size > 0) return;
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  #enqueue(key: string): void {
    this.#line.push(key);
    const [getter] = this.#getters;
    if (getter) getter(this.#take());
  }

  #take(): string {
    const key = this.#line[this.#head] as string;
    this.#head += 1;
    if (this.#head > 1024 && this.#head * 2 > this.#line.length) {
      this.#line = this.#line.slice(this.#head);
      this.#head = 0;
    }
    const now = this.#clock.monotonic();
    this.#metrics?.taken((now - (this.#dirty.get(key) ?? now)) / 1000);
    this.#dirty.delete(key);
    this.#working.set(key, now);
    return key;
  }
}

export function createQueue(deps: QueueDeps): WorkQueue {
  return new KeyQueue(deps);
}
