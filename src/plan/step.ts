import type { ExtensionObject } from '../apis/extensions/extension.ts';
import { readCluster } from '../controllers/lifecycle/cluster.ts';
import type { ExtensionKind } from '../controllers/lifecycle/kind.ts';
import { toProblem } from '../controllers/lifecycle/problem.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Logger } from '../kube/logger.ts';
import type { Actuator, StatusPatch } from '../providers/provider.ts';

/** What came of one extension object. */
export interface Step {
  readonly kind: string;
  /** What the work would have waited for; the plan goes on as if it had come. */
  readonly waits: readonly string[];
  /** Why the work ends here. */
  readonly error?: { readonly message: string; readonly codes: readonly string[] };
}

/** Runs an actuator once, as the lifecycle does when gardenlet asks, without lastOperation and without waiting. */
export async function runStep<T extends ExtensionObject>(
  kind: ExtensionKind<T>,
  actuator: Pick<Actuator<T>, 'reconcile'>,
  key: { readonly namespace: string; readonly name: string },
  { client, log, signal }: { readonly client: KubeClient; readonly log: Logger; readonly signal: AbortSignal },
): Promise<Step> {
  const { resource, finalizer } = kind;
  const waits: string[] = [];
  let progress = '';
  const writeStatus = async (status: StatusPatch<T> | undefined) => {
    if (status) await client.mergePatch(resource, key, { status }, { subresource: 'status' });
  };
  try {
    const { metadata } = await client.get(resource, key);
    const finalizers = [...new Set([...(metadata.finalizers ?? []), finalizer])];
    const object = await client.mergePatch(resource, key, { metadata: { finalizers } });
    const outcome = await actuator.reconcile({
      object,
      cluster: await readCluster(client, key.namespace, signal),
      log,
      signal,
      checkpoint: writeStatus,
      event: () => undefined,
      progress: (description) => {
        progress = description;
      },
      async pause<R>() {
        waits.push(progress);
        // Every wait is for an event, never for a value.
        return undefined as R;
      },
    });
    await writeStatus(outcome.status);
    return { kind: resource.kind, waits };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: resource.kind, waits, error: toProblem(error) };
  }
}
