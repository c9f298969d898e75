import { isDeepStrictEqual } from 'node:util';
import type { ExtensionObject, LastOperation, OperationType } from '../../apis/extensions/extension.ts';
import { timestamp } from '../../kube/timestamp.ts';
import { requestedAt } from './annotations.ts';

/** The words of an operation on one kind, as gardenlet's users know them. */
export interface Wording {
  /** e.g. `infrastructure` */
  readonly noun: string;
}

const verbs: Record<OperationType, { doing: string; done: string; failing: string }> = {
  Create: { doing: 'Creating', done: 'created', failing: 'creating' },
  Reconcile: { doing: 'Reconciling', done: 'reconciled', failing: 'reconciling' },
  Delete: { doing: 'Deleting', done: 'deleted', failing: 'deleting' },
  Migrate: { doing: 'Migrating', done: 'migrated', failing: 'migrating' },
  Restore: { doing: 'Restoring', done: 'restored', failing: 'restoring' },
};

/** A merge patch of a status; keys of lifecycle and provider side by side. */
export type RawStatusPatch = Record<string, unknown>;

/** Farthest that an operation's time may run ahead of our clock to meet gardenlet's. */
const toleratedSkewMs = 3600_000;

/**
 * Time of a status write, RFC 3339 in whole seconds. Not before the second in which gardenlet asked: its readiness rule
 * compares both times, and a clock a little behind gardenlet's would leave the object unready for good.
 */
export function statusTime(object: ExtensionObject, nowMs: number): string {
  const asked = requestedAt(object) ?? 0;
  const time = asked > nowMs && asked - nowMs <= toleratedSkewMs ? asked : nowMs;
  return timestamp(time);
}

/** How far a run has come; without a description in the words of its kind. */
export interface Progress {
  readonly description?: string;
  /** 1 to 99. */
  readonly percent?: number;
}

export function processing(
  object: ExtensionObject,
  type: OperationType,
  words: Wording,
  nowMs: number,
  { description = `${verbs[type].doing} the ${words.noun}`, percent = 1 }: Progress = {},
): RawStatusPatch {
  return { lastOperation: lastOperation(object, type, 'Processing', percent, description, nowMs) };
}

/**
 * Progress of a success that leaves something for a run of its own. gardenlet takes any success; whoever starts after a
 * crash sees by it that there is something left to do.
 */
export const unfinishedPercent = 99;

export function succeeded(
  object: ExtensionObject,
  type: OperationType,
  words: Wording,
  nowMs: number,
  {
    status = {},
    unfinished = false,
  }: { readonly status?: RawStatusPatch | undefined; readonly unfinished?: boolean } = {},
): RawStatusPatch {
  const percent = unfinished ? unfinishedPercent : 100;
  const description = `Successfully ${verbs[type].done} ${words.noun}${unfinished ? ', will look at it again' : ''}`;
  return {
    ...changed(object, status),
    ...changed(object, { observedGeneration: object.metadata.generation }),
    ...(object.status?.lastError ? { lastError: null } : {}),
    lastOperation: lastOperation(object, type, 'Succeeded', percent, description, nowMs),
  };
}

/** True when the patch differs from the status in the time of the operation at most: news to nobody who has not asked. */
export function bringsOnlyTime({ status }: ExtensionObject, { lastOperation, ...others }: RawStatusPatch): boolean {
  if (Object.keys(others).length > 0) return false;
  const timeless = (operation: unknown) => ({ ...(operation as LastOperation | undefined), lastUpdateTime: '' });
  return isDeepStrictEqual(timeless(lastOperation), timeless(status?.lastOperation));
}

/** Undefined when the status says so already and has been written within the last minute. */
export function failed(
  object: ExtensionObject,
  type: OperationType,
  words: Wording,
  nowMs: number,
  problem: { readonly message: string; readonly codes: readonly string[] },
): RawStatusPatch | undefined {
  const description = `Error ${verbs[type].failing} ${words.noun}: ${problem.message}`;
  const codes = [...new Set(problem.codes)].sort();
  const { lastError, lastOperation: last, observedGeneration } = object.status ?? {};
  const fresh = nowMs - Date.parse(lastError?.lastUpdateTime ?? '') < 60_000;
  const said =
    last?.state === 'Error' &&
    last.type === type &&
    lastError?.description === description &&
    isDeepStrictEqual(lastError.codes ?? [], codes) &&
    observedGeneration === object.metadata.generation;
  if (said && fresh) return undefined;
  return {
    observedGeneration: object.metadata.generation,
    lastOperation: lastOperation(object, type, 'Error', 50, description, nowMs),
    lastError: {
      description,
      codes: codes.length > 0 ? codes : null,
      lastUpdateTime: statusTime(object, nowMs),
    },
  };
}

/** The fields of a merge patch that differ from the status at hand. */
export function changed(object: ExtensionObject, patch: RawStatusPatch): RawStatusPatch {
  const status = (object.status ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(patch).filter(([field, value]) => !isDeepStrictEqual(status[field] ?? null, value ?? null)),
  );
}

function lastOperation(
  object: ExtensionObject,
  type: OperationType,
  state: LastOperation['state'],
  progress: number,
  description: string,
  nowMs: number,
): LastOperation {
  return { type, state, progress, description, lastUpdateTime: statusTime(object, nowMs) };
}
