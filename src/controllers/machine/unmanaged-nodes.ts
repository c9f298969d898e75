import { isNotFound } from '../../kube/errors.ts';
import { isOutdated } from '../../kube/finalizers.ts';
import { parseTime } from './conditions.ts';
import type { MachineContext } from './context.ts';
import { nodeFinalizer, notManagedAnnotation } from './names.ts';
import { type Node, nodes } from './node.ts';

/**
 * Marks Nodes that no Machine stands for, so that operators see them, and lets go of them; one that is young may be of
 * a machine that is just coming up (metal-components F.8). The mark goes when the Machine of a Node is looked after.
 */
export async function visitUnmanagedNodes(context: MachineContext, signal: AbortSignal): Promise<void> {
  const { target, machines, settings, clock } = context;
  for (const node of target?.nodes.list('') ?? []) {
    const { name, creationTimestamp } = node.metadata;
    const now = clock.now();
    const isYoung = now - parseTime(creationTimestamp, now) < settings.creationTimeoutMs;
    const patch = isYoung || machines.byIndex('node', name).length > 0 ? undefined : unmanagedPatch(node);
    if (!patch) continue;
    try {
      target?.nodes.remember(await target.client.mergePatch(nodes, node.metadata, patch, { signal }));
    } catch (error) {
      if (!isOutdated(error) && !isNotFound(error)) throw error;
    }
  }
}

export function unmanagedPatch({ metadata }: Node): object | undefined {
  const { resourceVersion, finalizers = [], annotations = {} } = metadata;
  const left = finalizers.filter((name) => name !== nodeFinalizer);
  const isMarked = annotations[notManagedAnnotation] !== undefined;
  if (isMarked && left.length === finalizers.length) return undefined;
  return {
    metadata: { resourceVersion, annotations: { [notManagedAnnotation]: '1' }, finalizers: left },
  };
}
