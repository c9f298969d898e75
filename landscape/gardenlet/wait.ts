import type { ExtensionObject } from '../../src/apis/extensions/extension.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import type { Clock } from '../../src/kube/clock.ts';
import { keyOf } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { type Bell, createBell } from './bell.ts';
import { StepError } from './error-codes.ts';
import { type Readiness, readiness } from './readiness.ts';

/** How long gardenlet waits for an extension object, in milliseconds. */
export interface WaitSettings {
  /** The object is read at least so often; changes that the bell tells are looked at once. */
  readonly intervalMs: number;
  /** An error that the extension reports ends the wait once it has lasted so long. */
  readonly severeAfterMs: number;
  readonly timeoutMs: number;
}

/** Gardener's values for Infrastructure (gardener-contract 1.5). */
export const infrastructureWait: WaitSettings = { intervalMs: 10_000, severeAfterMs: 180_000, timeoutMs: 600_000 };

export interface Waiting {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly settings: WaitSettings;
  readonly bell?: Bell | undefined;
  /** Called with every state that is not ready yet. */
  readonly onNotReady?: ((state: Exclude<Readiness, { ready: true }>) => void) | undefined;
}

export interface Target<T extends ExtensionObject> {
  readonly resource: Resource<T>;
  readonly namespace: string;
  readonly name: string;
}

type Verdict<R> =
  | { readonly done: R }
  | { readonly problem: string; readonly codes: readonly string[]; readonly fatal: boolean };

const title = <T extends ExtensionObject>(target: Target<T>): string =>
  `${target.resource.kind} ${target.namespace}/${target.name}`;

/** Reads the object until `judge` is done with it; throws a StepError when it is fatal or when the time is up. */
async function poll<T extends ExtensionObject, R>(
  waiting: Waiting,
  target: Target<T>,
  failure: string,
  judge: (object: T | undefined, elapsedMs: number) => Verdict<R>,
): Promise<R> {
  const { client, clock, signal, settings } = waiting;
  const bell = waiting.bell ?? createBell(clock);
  const key = keyOf(target);
  const start = clock.monotonic();
  for (;;) {
    const count = bell.count(key);
    const object = await client.find(target.resource, target, { signal });
    const elapsed = clock.monotonic() - start;
    const verdict = judge(object, elapsed);
    if ('done' in verdict) return verdict.done;
    if (verdict.fatal || elapsed >= settings.timeoutMs) {
      throw new StepError(`${failure}: ${verdict.problem}`, verdict.codes);
    }
    await bell.wait(key, count, settings.intervalMs, signal);
  }
}

/** Waits by Gardener's readiness rule and returns the ready object. */
export function waitUntilReady<T extends ExtensionObject>(
  waiting: Waiting,
  target: Target<T>,
  expectedTimestamp: string | undefined,
): Promise<T> {
  const { settings, onNotReady } = waiting;
  return poll(waiting, target, `Error while waiting for ${title(target)} to become ready`, (object, elapsed) => {
    if (!object) return { problem: `${title(target)} does not exist`, codes: [], fatal: false };
    const state = readiness(object, expectedTimestamp);
    if (state.ready) return { done: object };
    onNotReady?.(state);
    return { problem: state.reason, codes: state.codes, fatal: state.severe && elapsed >= settings.severeAfterMs };
  });
}

/** Waits until the object is gone. Errors that the extension reports never end the wait early, only time does. */
export function waitUntilDeleted<T extends ExtensionObject>(waiting: Waiting, target: Target<T>): Promise<void> {
  return poll(waiting, target, `Failed to delete ${title(target)}`, (object) => {
    if (!object) return { done: undefined };
    const error = object.status?.lastError;
    const codes = error?.codes ?? [];
    const reason = error ? `the extension reports: ${error.description}` : 'it is still present';
    if (error) waiting.onNotReady?.({ ready: false, reason, severe: true, codes });
    return { problem: reason, codes, fatal: false };
  });
}

/** Waits until the extension has let go of the object for a control-plane migration. */
export function waitUntilMigrated<T extends ExtensionObject>(
  waiting: Waiting,
  target: Target<T>,
): Promise<T | undefined> {
  return poll(waiting, target, `${title(target)} was not migrated`, (object) => {
    const last = object?.status?.lastOperation;
    if (!object || (last?.type === 'Migrate' && last.state === 'Succeeded')) return { done: object };
    const problem = last ? `the last operation is ${last.type} ${last.state}` : 'there is no last operation';
    return { problem, codes: object.status?.lastError?.codes ?? [], fatal: false };
  });
}
