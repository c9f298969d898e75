import type { Pod } from './objects.ts';
import { type DrainState, type PodState, uidOf } from './state.ts';

export interface DrainOptions {
  /** Nothing is waited for. */
  readonly forced: boolean;
  readonly maxRetries: number;
  /** Between two evictions of a pod that its budget does not allow, in milliseconds. */
  readonly retryMs: number;
  /** No pod gets longer to end, in milliseconds. */
  readonly timeoutMs: number;
}

export interface DrainPlan {
  readonly evict: readonly Pod[];
  /** To be deleted without a grace. */
  readonly remove: readonly Pod[];
  /** Were to end, and have not. */
  readonly overdue: readonly Pod[];
}

/** A kubelet that is asked to end a pod gets so long on top of the pod's grace, in milliseconds. */
const bufferMs = 30_000;

/** What DaemonSets and static manifests run stays: it would be back at once. */
export function isEvictable({ metadata }: Pod): boolean {
  const controller = metadata.ownerReferences?.find((owner) => owner.controller);
  return controller?.kind !== 'DaemonSet' && metadata.annotations?.['kubernetes.io/config.mirror'] === undefined;
}

export const graceMsOf = ({ spec }: Pod): number => (spec?.terminationGracePeriodSeconds ?? 0) * 1000;

export function hasClaims({ spec }: Pod): boolean {
  return spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim) ?? false;
}

/**
 * What is to be done now to the pods that are left on a node (metal-components F.7): all at once, but those with volumes
 * one after the other, the important ones first. What may not be evicted is tried again, and deleted in the end.
 */
export function planDrain(pods: readonly Pod[], state: DrainState, options: DrainOptions, now: number): DrainPlan {
  if (options.forced) return { evict: [], remove: pods, overdue: [] };
  const isDue = (pod: Pod) => isDueNow(state.pods.get(uidOf(pod)), options, now);
  const [first] = state.move ? [] : pods.filter(hasClaims).sort(byPriority).filter(isDue);
  const due = [...pods.filter((pod) => !hasClaims(pod) && isDue(pod)), ...(first ? [first] : [])];
  const isHopeless = (pod: Pod) => (state.pods.get(uidOf(pod))?.refused ?? 0) >= options.maxRetries;
  return {
    evict: due.filter((pod) => !isHopeless(pod)),
    remove: due.filter(isHopeless),
    overdue: pods.filter((pod) => isOverdue(pod, state.pods.get(uidOf(pod)), options, now)),
  };
}

function isDueNow(known: PodState | undefined, { retryMs }: DrainOptions, now: number): boolean {
  return !known || (known.acceptedAt === undefined && now - known.triedAt >= retryMs);
}

function isOverdue(pod: Pod, known: PodState | undefined, { timeoutMs }: DrainOptions, now: number): boolean {
  if (known?.acceptedAt === undefined) return false;
  return now - known.acceptedAt > Math.min(graceMsOf(pod), timeoutMs) + bufferMs;
}

function byPriority(one: Pod, other: Pod): number {
  return (other.spec?.priority ?? 0) - (one.spec?.priority ?? 0);
}
