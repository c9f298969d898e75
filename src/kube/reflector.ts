import type { KubeClient, WatchEvent } from './client.ts';
import { type Clock, sleep } from './clock.ts';
import { ApiError, isExpired, toError } from './errors.ts';
import type { Logger } from './logger.ts';
import type { KubeObject } from './object.ts';
import { createPace } from './pace.ts';
import type { Resource } from './resource.ts';
import { compareResourceVersions } from './resource-version.ts';
import { TransportError } from './transport-error.ts';

export type ReflectorObservation =
  | { readonly type: 'list'; readonly resource: Resource; readonly durationMs: number; readonly items: number }
  | { readonly type: 'watch'; readonly resource: Resource; readonly durationMs: number; readonly events: number }
  | { readonly type: 'error'; readonly resource: Resource; readonly error: Error };

export interface ReflectorOptions<T extends KubeObject> {
  readonly client: Pick<KubeClient, 'list' | 'watch'>;
  readonly resource: Resource<T>;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random?: (() => number) | undefined;
  /** See WatchOptions. */
  readonly idleTimeoutMs?: number | undefined;
  readonly onObservation?: ((observation: ReflectorObservation) => void) | undefined;
}

/** Called synchronously and in order. */
export interface ReflectorTarget<T extends KubeObject> {
  /** Everything there is, at this version. */
  replace(items: readonly T[], resourceVersion: string): void;
  apply(event: WatchEvent<T>, resourceVersion: string): void;
}

const listTimeoutMs = 120_000;

/**
 * Keeps the target like the server until the signal is aborted: lists, watches from there, goes on from the last
 * version when a watch ends, and lists again when that version is gone. Never rejects.
 *
 * The list asks for the newest state and not for `resourceVersion=0`: with several API servers the latter can be older
 * than what a predecessor of this process has seen and written. Servers since 1.31 answer both from their cache.
 */
export async function reflect<T extends KubeObject>(
  options: ReflectorOptions<T>,
  target: ReflectorTarget<T>,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random = Math.random, resource } = options;
  const log = options.log.child({ resource: resource.plural, group: resource.group });
  const pace = createPace(random);
  let version: string | undefined;

  while (!signal.aborted) {
    const started = clock.monotonic();
    const round: Round = { version, events: 0 };
    const error = await run(options, target, round, signal);
    if (signal.aborted) return;
    version = error && mustList(error) ? undefined : round.version;
    const isUsual = error === undefined || isExpired(error) || isSilence(error);
    const waitMs = pace.after(clock.monotonic() - started, isUsual);
    if (error) {
      options.onObservation?.({ type: 'error', resource, error });
      log[isUsual ? 'debug' : 'warn']({ err: error, waitMs: Math.round(waitMs) }, 'list or watch failed, trying again');
    }
    if (waitMs > 0) await sleep(clock, waitMs, signal).catch(() => undefined);
  }
}

/** How far a list and its watch came. */
interface Round {
  version: string | undefined;
  events: number;
}

/** Lists if needed, then watches to the end. Returns what ended it, undefined for the end that the server chose. */
async function run<T extends KubeObject>(
  options: ReflectorOptions<T>,
  target: ReflectorTarget<T>,
  round: Round,
  signal: AbortSignal,
): Promise<Error | undefined> {
  try {
    round.version ??= await list(options, target, signal);
    await watch(options, target, round, round.version, signal);
    return undefined;
  } catch (error) {
    return toError(error);
  }
}

async function list<T extends KubeObject>(
  { client, resource, namespace, labelSelector, fieldSelector, clock, onObservation }: ReflectorOptions<T>,
  target: ReflectorTarget<T>,
  signal: AbortSignal,
): Promise<string> {
  const started = clock.monotonic();
  const query = { namespace, labelSelector, fieldSelector, timeoutMs: listTimeoutMs, signal };
  const { items, resourceVersion } = await client.list(resource, query);
  signal.throwIfAborted();
  target.replace(items, resourceVersion);
  onObservation?.({ type: 'list', resource, durationMs: clock.monotonic() - started, items: items.length });
  return resourceVersion;
}

async function watch<T extends KubeObject>(
  options: ReflectorOptions<T>,
  target: ReflectorTarget<T>,
  round: Round,
  resourceVersion: string,
  signal: AbortSignal,
): Promise<void> {
  const {
    client,
    resource,
    namespace,
    labelSelector,
    fieldSelector,
    idleTimeoutMs,
    clock,
    random = Math.random,
  } = options;
  const started = clock.monotonic();
  // Spread, so that the watches of many processes do not all end together.
  const timeoutSeconds = Math.round(300 * (1 + random()));
  const query = { namespace, labelSelector, fieldSelector, resourceVersion, timeoutSeconds, idleTimeoutMs, signal };
  try {
    for await (const event of client.watch(resource, query)) {
      signal.throwIfAborted();
      const version = event.object.metadata.resourceVersion ?? '';
      // etcd was restored from a backup: the versions begin again further back.
      if (compareResourceVersions(version, round.version) < 0) throw new WentBack(resource);
      target.apply(event, version);
      round.version = version;
      if (event.type !== 'BOOKMARK') round.events += 1;
    }
  } finally {
    const durationMs = clock.monotonic() - started;
    options.onObservation?.({ type: 'watch', resource, durationMs, events: round.events });
  }
}

class WentBack extends Error {
  override readonly name = 'WentBack';

  constructor(resource: Resource) {
    super(`the resourceVersions of ${resource.plural} went back`);
  }
}

/** The watch was cut because nothing came: a dead connection, or a quiet resource. */
function isSilence(error: Error): boolean {
  return error instanceof TransportError && error.code === 'IDLE';
}

/** The server will not go on from the last version: it is too old, in the future, or the resource itself was replaced. */
function mustList(error: Error): boolean {
  if (error instanceof WentBack) return true;
  if (!(error instanceof ApiError)) return false;
  const causes = error.status.details?.causes ?? [];
  const isRefused = error.code >= 400 && error.code < 500 && error.code !== 429;
  return isExpired(error) || isRefused || causes.some(({ reason }) => reason === 'ResourceVersionTooLarge');
}
