import { isForbidden, isNotFound } from '../../kube/errors.ts';
import { metadataPatch } from '../../kube/finalizers.ts';
import { deleteBootstrapToken } from './bootstrap-token.ts';
import type { Operation, Target } from './context.ts';
import type { StepResult } from './delete.ts';
import { machineNameLabel, nodeFinalizer, nodeLabel } from './names.ts';
import { type Node, nodes } from './node.ts';

/** The machine is gone, so the Node is nobody's: it must not come back as that of another machine. */
export async function deleteNode(operation: Operation): Promise<StepResult> {
  const { target } = operation.context;
  if (!target) return { next: 'finalizer' };
  const node = await nodeOf(operation, target);
  if (node) await remove(operation, target, node);
  // It may never have been seen to join. Where there is no right to delete its token, that expires.
  await deleteBootstrapToken(target.client, operation.machine.metadata.name, operation.signal).catch((error) => {
    if (!isForbidden(error)) throw error;
  });
  return { next: 'finalizer' };
}

/** It may have joined at the last moment, or before it was written down which Node it is. */
async function nodeOf({ context, machine, signal }: Operation, target: Target): Promise<Node | undefined> {
  const { name, labels } = machine.metadata;
  const key = { name: labels?.[nodeLabel] ?? name };
  const node = target.nodes.get(key) ?? (await target.client.find(nodes, key, { signal }));
  const isOthers =
    (node?.metadata.labels?.[machineNameLabel] ?? name) !== name ||
    context.machines.byIndex('node', key.name).some(({ metadata }) => metadata.name !== name);
  return isOthers ? undefined : node;
}

async function remove({ signal }: Operation, target: Target, node: Node): Promise<void> {
  const patch = metadataPatch(node, { removeFinalizers: [nodeFinalizer] });
  try {
    if (patch) target.nodes.remember(await target.client.jsonPatch(nodes, node.metadata, patch, { signal }));
    await target.client.delete(nodes, node.metadata, { preconditions: { uid: node.metadata.uid }, signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
