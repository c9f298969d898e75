import type { KubeClient } from '../../../kube/client.ts';
import { ApiError, isConflict, isNotFound, toError } from '../../../kube/errors.ts';
import { type Pod, pods } from './objects.ts';

export type Eviction = 'accepted' | 'gone' | 'refused' | { readonly failure: string };

/** `refused`: a PodDisruptionBudget does not allow it now. A pod of the same name that came after it is left alone. */
export function evict(target: KubeClient, { metadata }: Pod, signal: AbortSignal): Promise<Eviction> {
  const { name, namespace = '', uid } = metadata;
  const eviction = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid } },
  };
  return outcomeOf(target.create(pods, eviction, { subresource: 'eviction', signal }), signal);
}

/** Ends it without a grace, and without asking its budget. */
export function remove(target: KubeClient, { metadata }: Pod, signal: AbortSignal): Promise<Eviction> {
  const { uid } = metadata;
  return outcomeOf(target.delete(pods, metadata, { preconditions: { uid }, gracePeriodSeconds: 0, signal }), signal);
}

async function outcomeOf(call: Promise<unknown>, signal: AbortSignal): Promise<Eviction> {
  try {
    await call;
    return 'accepted';
  } catch (error) {
    if (signal.aborted) throw error;
    if (isNotFound(error) || isConflict(error)) return 'gone';
    if (error instanceof ApiError && error.code === 429) return 'refused';
    return { failure: toError(error).message };
  }
}
