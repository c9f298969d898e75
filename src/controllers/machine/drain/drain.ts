import type { Machine } from '../../../apis/machine/machine.ts';
import { toError } from '../../../kube/errors.ts';
import { keyOf } from '../../../kube/object.ts';
import { badFor } from '../conditions.ts';
import type { Operation } from '../context.ts';
import type { StepResult } from '../delete.ts';
import { forceDeletionLabel, nodeLabel } from '../names.ts';
import type { Node } from '../node.ts';
import { clipped } from '../status.ts';
import { drainPass } from './pass.ts';
import type { DrainOptions } from './plan.ts';
import { announceTermination, cordon } from './prepare.ts';
import { newDrainState } from './state.ts';

/** A node that is sick for so long, in milliseconds, does not end its pods any more. */
const sickAfterMs = 5 * 60_000;

/** Empties the Node of a machine that goes (metal-components F.7). */
export async function drainNode(operation: Operation): Promise<StepResult> {
  const { context, machine, settings } = operation;
  const { target } = context;
  const name = machine.metadata.labels?.[nodeLabel];
  const node = name ? target?.nodes.get({ name }) : undefined;
  if (!target || !node) return { next: 'machine', says: 'There is no node to be drained.' };
  const key = keyOf(machine.metadata);
  const options = drainOptions(operation, isForced(operation, node));
  const state = context.drains.get(key) ?? newDrainState();
  context.drains.set(key, state);
  try {
    await announceTermination(operation, target, node);
    await cordon(operation, target, node);
    const { isDone, failure } = await drainPass(operation, target, node.metadata.name, state, options);
    if (options.forced) return { next: 'volumes', says: forcedText(failure) };
    if (isDone) return { next: 'machine', says: 'Drain successful.' };
    const waitMs = settings.periods.poll;
    return failure ? { waitMs, failure: `Drain failed due to - ${failure}. Will retry in next sync.` } : { waitMs };
  } catch (error) {
    if (!options.forced || operation.signal.aborted) throw error;
    return { next: 'volumes', says: forcedText(clipped(toError(error).message)) };
  }
}

function forcedText(failure: string | undefined): string {
  if (failure === undefined) return 'Force Drain successful.';
  return `Drain failed due to - ${failure}. However, since it's a force deletion shall continue deletion of VM.`;
}

export function drainOptions({ settings }: Operation, forced: boolean): DrainOptions {
  const { drainTimeoutMs, maxEvictRetries, periods } = settings;
  return {
    forced,
    maxRetries: Math.min(maxEvictRetries, Math.floor(drainTimeoutMs / periods.evict)),
    retryMs: periods.evict,
    timeoutMs: drainTimeoutMs,
  };
}

function isForced({ context, machine, settings }: Operation, node: Node): boolean {
  const { deletionTimestamp, labels } = machine.metadata;
  const age = context.elapsed.since(keyOf(machine.metadata), 'deletion', deletionTimestamp);
  if (isTrue(labels?.[forceDeletionLabel]) || age > settings.drainTimeoutMs) return true;
  return isSick(machine, node, context.clock.now());
}

export function isSick({ status }: Machine, node: Node, now: number): boolean {
  const conditions = node.status?.conditions ?? status?.conditions ?? [];
  const sickMs = Math.max(
    badFor(conditions, 'Ready', 'True', now),
    badFor(conditions, 'ReadonlyFilesystem', 'False', now),
  );
  return sickMs > sickAfterMs;
}

/** As Go reads truth. */
function isTrue(text: string | undefined): boolean {
  return text !== undefined && ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text);
}
