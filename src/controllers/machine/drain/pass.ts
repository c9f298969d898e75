import { forEachBounded } from '../../../kube/bounded.ts';
import type { KubeClient } from '../../../kube/client.ts';
import type { Operation, Target } from '../context.ts';
import { clipped } from '../status.ts';
import { hopelessBudget } from './budget.ts';
import { type Eviction, evict, remove } from './evict.ts';
import { type Pod, type PodDisruptionBudget, podDisruptionBudgets, pods, volumeAttachments } from './objects.ts';
import { type DrainOptions, hasClaims, isEvictable, planDrain } from './plan.ts';
import { type DrainState, uidOf } from './state.ts';
import { stepOfMove, volumesOf } from './volumes.ts';

/** `failure`: what stands in the way; it is tried again all the same. */
export type DrainPass =
  | { readonly isDone: true; readonly failure?: string }
  | { readonly isDone: false; readonly failure?: string };

/** Calls to the API server for one node at the same time. */
const atOnce = 10;
const failuresTold = 5;

/** One look at a node that is to be emptied, and one round of evictions. Never waits for a pod. */
export async function drainPass(
  operation: Operation,
  target: Target,
  nodeName: string,
  state: DrainState,
  options: DrainOptions,
): Promise<DrainPass> {
  const { context, signal } = operation;
  const now = context.clock.monotonic();
  const { items } = await target.client.list(pods, { fieldSelector: `spec.nodeName=${nodeName}`, signal });
  const left = items.filter(isEvictable);
  const plan = planDrain(left, state, options, now);
  const failures: string[] = [];
  const budgets = budgetReader(target.client, signal);
  await forEachBounded(plan.evict, atOnce, async (pod) => {
    const volumes = hasClaims(pod)
      ? await volumesOf(target.client, pod, left, context.driver.volumeIDs, signal)
      : undefined;
    const outcome = await evict(target.client, pod, signal);
    const hopeless = outcome === 'refused' ? hopelessBudget(pod, await budgets(pod)) : undefined;
    record(state, pod, hopeless ? { failure: misconfigured(pod, hopeless) } : outcome, now, failures);
    if (volumes && outcome === 'accepted') state.move = { pod, volumes, acceptedAt: now };
  });
  await forEachBounded(plan.remove, atOnce, async (pod) => {
    record(state, pod, await remove(target.client, pod, signal), now, failures);
  });
  if (options.forced) return { isDone: true, ...told(failures) };
  for (const pod of plan.overdue) {
    record(state, pod, { failure: 'timeout expired while waiting for it to terminate' }, now, failures);
    if (state.move && uidOf(state.move.pod) === uidOf(pod)) state.move = undefined;
  }
  await moveOn(operation, target, nodeName, state, left, failures);
  return { isDone: left.length === 0 && !state.move && failures.length === 0, ...told(failures) };
}

function record(state: DrainState, pod: Pod, outcome: Eviction, now: number, failures: string[]): void {
  const { refused = 0 } = state.pods.get(uidOf(pod)) ?? {};
  if (typeof outcome === 'object') failures.push(`error when evicting pod "${pod.metadata.name}": ${outcome.failure}`);
  state.pods.set(uidOf(pod), {
    refused: outcome === 'refused' ? refused + 1 : refused,
    triedAt: now,
    ...(outcome === 'accepted' || outcome === 'gone' ? { acceptedAt: now } : {}),
  });
}

function misconfigured({ metadata: { name } }: Pod, { metadata }: PodDisruptionBudget): string {
  const budget = `${metadata.namespace}/${metadata.name}`;
  return `error while evicting pod "${name}": pod disruption budget ${budget} is misconfigured and requires zero voluntary evictions`;
}

/** The budgets beside a pod, read once for each namespace. */
function budgetReader(client: KubeClient, signal: AbortSignal): (pod: Pod) => Promise<readonly PodDisruptionBudget[]> {
  const read = new Map<string, Promise<readonly PodDisruptionBudget[]>>();
  return ({ metadata: { namespace = '' } }) => {
    const budgets =
      read.get(namespace) ?? client.list(podDisruptionBudgets, { namespace, signal }).then(({ items }) => items);
    read.set(namespace, budgets);
    return budgets;
  };
}

async function moveOn(
  { context, settings, signal }: Operation,
  target: Target,
  nodeName: string,
  state: DrainState,
  left: readonly Pod[],
  failures: string[],
): Promise<void> {
  const { move } = state;
  if (!move) return;
  const now = context.clock.monotonic();
  const isReattaching = move.detachedAt !== undefined && move.volumes.length > 0;
  const attachments = isReattaching ? (await target.client.list(volumeAttachments, { signal })).items : [];
  const step = stepOfMove(move, {
    isPodThere: left.some((pod) => uidOf(pod) === uidOf(move.pod)),
    node: target.nodes.get({ name: nodeName }),
    attachments,
    now,
    detachTimeoutMs: settings.pvDetachTimeoutMs,
    reattachTimeoutMs: settings.pvReattachTimeoutMs,
  });
  if (step === 'wait') return;
  if (step === 'detached' && move.volumes.length > 0) state.move = { ...move, detachedAt: now };
  else state.move = undefined;
  if (typeof step === 'object') failures.push(step.failure);
}

function told(failures: readonly string[]): { readonly failure?: string } {
  if (failures.length === 0) return {};
  const rest = failures.length > failuresTold ? ` and ${failures.length - failuresTold} more` : '';
  return { failure: clipped(failures.slice(0, failuresTold).join('; ')) + rest };
}
