import { isNotFound } from '../../../kube/errors.ts';
import { keyOf } from '../../../kube/object.ts';
import { timestamp } from '../../../kube/timestamp.ts';
import type { Operation, Target } from '../context.ts';
import { type Node, nodes } from '../node.ts';

/** Whose the fields are that are applied: other conditions of a Node are kubelet's. */
export const fieldManager = 'machine-controller';

/** Says in the Node that it goes, and lets nothing more be put on it. */
export async function announceTermination(
  operation: Operation,
  { client, nodes: cache }: Target,
  node: Node,
): Promise<void> {
  const { machine, context, signal } = operation;
  if (node.status?.conditions?.some(({ type }) => type === 'Terminating')) return;
  const hasFailed = context.unhealthy.has(keyOf(machine.metadata));
  const now = timestamp(context.clock.now());
  const condition = {
    type: 'Terminating',
    status: 'True',
    reason: hasFailed ? 'Unhealthy' : 'ScaleDown',
    message: `Machine Controller is ${hasFailed ? 'terminating failed' : 'scaling down'} machine`,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  const { name } = node.metadata;
  const applied = { metadata: { name }, status: { conditions: [condition] } };
  const options = { subresource: 'status', fieldManager, force: true, signal } as const;
  cache.remember(await client.apply(nodes, applied, options));
}

/** A Node that is not there needs none of it. */
export async function cordon({ signal }: Operation, { client, nodes: cache }: Target, { spec, metadata }: Node) {
  if (spec?.unschedulable) return;
  try {
    const { name, uid } = metadata;
    const patch = { metadata: { uid }, spec: { unschedulable: true } };
    cache.remember(await client.mergePatch(nodes, { name }, patch, { signal }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
