import { type ManagedResource, managedResources } from '../apis/resources/managed-resource.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../kube/clock.ts';
import type { Logger } from '../kube/logger.ts';
import { reflect } from '../kube/reflector.ts';
import { limited } from '../kube/timeout.ts';
import { type ErrorCode, OperationError } from '../providers/errors.ts';
import { presence, unreadiness } from './health.ts';

export interface WaitOptions {
  readonly client: Pick<KubeClient, 'list' | 'watch'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Until its objects are applied, healthy and rolled out. */
export function waitUntilReady(namespace: string, name: string, options: WaitOptions): Promise<void> {
  return wait(namespace, name, { pending: unreadiness, words: 'is not healthy yet', codes: [] }, options);
}

/** Until its objects are gone, and it itself. */
export function waitUntilGone(namespace: string, name: string, options: WaitOptions): Promise<void> {
  const codes = ['ERR_CLEANUP_CLUSTER_RESOURCES'] as const;
  return wait(namespace, name, { pending: presence, words: 'is not deleted yet', codes }, options);
}

interface Awaited {
  /** What is still missing. */
  readonly pending: (resource: ManagedResource | undefined) => string | undefined;
  readonly words: string;
  readonly codes: readonly ErrorCode[];
}

/** Lists and watches the one object; rejects with what is missing when the time is up. */
async function wait(
  namespace: string,
  name: string,
  { pending, words, codes }: Awaited,
  { client, clock, log, timeoutMs, signal }: WaitOptions,
): Promise<void> {
  const limit = limited(clock, timeoutMs, `ManagedResource ${name}`, signal);
  const reached = new AbortController();
  let missing: string | undefined = 'it could not be read';
  const see = (resource: ManagedResource | undefined) => {
    missing = pending(resource);
    if (missing === undefined) reached.abort();
  };
  try {
    await reflect(
      { client, resource: managedResources, namespace, fieldSelector: `metadata.name=${name}`, clock, log },
      {
        replace: (items) => see(items[0]),
        apply: (event) => {
          if (event.type !== 'BOOKMARK') see(event.type === 'DELETED' ? undefined : event.object);
        },
      },
      AbortSignal.any([limit.signal, reached.signal]),
    );
  } finally {
    limit.release();
  }
  if (reached.signal.aborted) return;
  signal.throwIfAborted();
  throw new OperationError(`ManagedResource ${namespace}/${name} ${words}: ${missing}`, { codes });
}
