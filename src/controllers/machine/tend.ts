import { machines } from '../../apis/machine/machine.ts';
import type { ReconcileResult } from '../../kube/controller.ts';
import { keyOf } from '../../kube/object.ts';
import type { Operation, Target } from './context.ts';
import { endToken } from './end-token.ts';
import { type Health, judge } from './health.ts';
import { updateInPlace } from './in-place.ts';
import { classRefOf } from './machine-class.ts';
import { deploymentLabel, nodeLabel } from './names.ts';
import { type Node, nodes } from './node.ts';
import { capacityPatches } from './node-capacity.ts';
import { nodePatch } from './node-sync.ts';
import { phaseOf } from './phases.ts';
import { mayFail } from './replacements.ts';
import { writeStatus } from './write-status.ts';

/** Looks after a machine that is there: its Node gets what the Machine says, and the Machine tells how the Node is. */
export async function tendMachine(operation: Operation): Promise<ReconcileResult | undefined> {
  const { context, machine } = operation;
  const { target } = context;
  const name = machine.metadata.labels?.[nodeLabel];
  if (!target || !name) return undefined;
  const node = target.nodes.get({ name });
  if (node?.metadata.deletionTimestamp) return deleteWithNode(operation, node);
  if (node) await syncNode(operation, target, node);
  const recheckMs = await report(operation, target, node);
  const current = { ...operation, machine: context.machines.get(machine.metadata) ?? machine };
  const live = target.nodes.get({ name });
  const updateMs = live && (await updateInPlace(current, target, live));
  const waits = [recheckMs, updateMs].filter((ms) => ms !== undefined);
  return waits.length > 0 ? { requeueAfterMs: Math.min(...waits) } : undefined;
}

/** Who deletes a Node does not want its machine any more (metal-components F.5). */
async function deleteWithNode({ context, machine, signal, log }: Operation, node: Node): Promise<undefined> {
  const { uid } = machine.metadata;
  log.info({ node: node.metadata.name }, 'The Node is being deleted, so its machine is');
  await context.control.delete(machines, machine.metadata, { preconditions: { uid }, signal });
}

async function syncNode({ context, machine, signal }: Operation, target: Target, node: Node): Promise<void> {
  const { client, nodes: cache } = target;
  const { metadata } = node;
  const patch = nodePatch(machine, node);
  if (patch) cache.remember(await client.mergePatch(nodes, metadata, patch, { signal }));
  const { name } = classRefOf(machine);
  const machineClass = context.classes.get({ namespace: context.namespace, name });
  if (!machineClass) return;
  const capacity = capacityPatches(node, machineClass.nodeTemplate?.virtualCapacity);
  if (!capacity) return;
  await client.mergePatch(nodes, metadata, capacity.status, { subresource: 'status', signal });
  cache.remember(await client.mergePatch(nodes, metadata, capacity.metadata, { signal }));
}

/** Returns when to look again, in milliseconds. */
async function report(operation: Operation, target: Target, node: Node | undefined): Promise<number | undefined> {
  const { context, machine, settings } = operation;
  const key = keyOf(machine.metadata);
  const health = judge(machine, node, settings, {
    machine: context.elapsed.since(key, 'creation', machine.metadata.creationTimestamp),
    phase: context.elapsed.since(key, 'phase', machine.status?.currentStatus?.lastUpdateTime),
  });
  if (health.hasJoined) await endToken(operation, target);
  if (health.change && health.isSickness) return giveUp(operation, health);
  if (!health.change) return health.recheckMs;
  await writeStatus(operation, machine, health.change);
  // What follows from the new phase is seen when the Machine comes back by the watch.
  return health.change.phase ? undefined : health.recheckMs;
}

async function giveUp(operation: Operation, { change = {} }: Health): Promise<number | undefined> {
  const { context, machine, settings } = operation;
  const name = machine.metadata.labels?.[deploymentLabel];
  if (name === undefined) {
    await writeStatus(operation, machine, change);
    return undefined;
  }
  const others = () =>
    context.machines.byIndex('deployment', name).filter(({ metadata }) => metadata.uid !== machine.metadata.uid);
  if (context.givingUp.has(name) || !mayFail(others()) || phaseOf(machine) === 'Failed') return settings.periods.short;
  context.givingUp.add(name);
  try {
    await writeStatus(operation, machine, change);
    return undefined;
  } finally {
    context.givingUp.delete(name);
  }
}
