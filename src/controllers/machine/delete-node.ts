import { isNotFound } from '../../kube/errors.ts';
import { metadataPatch } from '../../kube/finalizers.ts';
import type { Operation } from './context.ts';
import type { StepResult } from './delete.ts';
import { nodeFinalizer, nodeLabel } from './names.ts';
import { nodes } from './node.ts';

/** The machine is gone, so the Node is nobody's: it must not come back as that of another machine. */
export async function deleteNode({ context, machine, signal }: Operation): Promise<StepResult> {
  const { target } = context;
  const name = machine.metadata.labels?.[nodeLabel];
  const node = name ? target?.nodes.get({ name }) : undefined;
  if (!target || !node) return { next: 'finalizer' };
  const patch = metadataPatch(node, { removeFinalizers: [nodeFinalizer] });
  try {
    if (patch) target.nodes.remember(await target.client.jsonPatch(nodes, node.metadata, patch, { signal }));
    await target.client.delete(nodes, node.metadata, { preconditions: { uid: node.metadata.uid }, signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return { next: 'finalizer' };
}
