import {
  candidateLabel,
  failedReasonAnnotation,
  type InPlaceReason,
  inPlaceCondition,
  resultLabel,
  selectedLabel,
} from '../../apis/machine/in-place.ts';
import type { MachineCondition } from '../../apis/machine/machine.ts';
import { keyOf } from '../../kube/object.ts';
import { timestamp } from '../../kube/timestamp.ts';
import { parseTime } from './conditions.ts';
import type { Operation, Target } from './context.ts';
import { drainOptions, isSick } from './drain/drain.ts';
import { drainPass } from './drain/pass.ts';
import { cordon, fieldManager } from './drain/prepare.ts';
import { newDrainState } from './drain/state.ts';
import { forceDrainLabel } from './names.ts';
import { type Node, nodes } from './node.ts';
import { writeStatus } from './write-status.ts';

const messages: Readonly<Record<InPlaceReason, string>> = {
  CandidateForUpdate: 'Node is a candidate for in-place update',
  SelectedForUpdate: 'Node is selected for in-place update',
  DrainSuccessful: 'Node draining successful',
  ReadyForUpdate: 'Node is ready for in-place update',
  UpdateSuccessful: 'Node in-place update successful',
  UpdateFailed: 'Node in-place update failed',
};

const conditionOf = ({ status }: Node): MachineCondition | undefined =>
  status?.conditions?.find(({ type }) => type === inPlaceCondition);

/** The reason that an update in place comes to next, by its Node's labels; undefined when it stays as it is. */
export function nextReason(node: Node): InPlaceReason | undefined {
  const { labels = {} } = node.metadata;
  const reason = conditionOf(node)?.reason as InPlaceReason | undefined;
  if (labels[candidateLabel] === undefined) return undefined;
  const result = labels[resultLabel];
  if (reason === undefined || (reason === 'UpdateSuccessful' && result === undefined)) return 'CandidateForUpdate';
  if (reason === 'CandidateForUpdate' && labels[selectedLabel] !== undefined) return 'SelectedForUpdate';
  if (result === 'successful' && reason !== 'UpdateSuccessful') return 'UpdateSuccessful';
  if (result === 'failed' && reason !== 'UpdateFailed') return 'UpdateFailed';
  return reason === 'DrainSuccessful' ? 'ReadyForUpdate' : undefined;
}

/**
 * Takes a Node through an update in place: MCM selects it, it is emptied here, gardener-node-agent updates it and says
 * how that went (metal-components F.10). Returns when to look again, in milliseconds.
 */
export async function updateInPlace(operation: Operation, target: Target, node: Node): Promise<number | undefined> {
  const reason = nextReason(node);
  if (reason) return say(operation, target, node, reason);
  const condition = conditionOf(node);
  if (condition?.reason !== 'SelectedForUpdate') return undefined;
  return empty(operation, target, node, condition);
}

async function say(
  { context, signal }: Operation,
  target: Target,
  node: Node,
  reason: InPlaceReason,
): Promise<undefined> {
  const { name, annotations } = node.metadata;
  const why = reason === 'UpdateFailed' ? `: ${annotations?.[failedReasonAnnotation] ?? ''}` : '';
  const lastTransitionTime = timestamp(context.clock.now());
  const message = messages[reason] + why;
  const condition = { type: inPlaceCondition, status: 'True', reason, message, lastTransitionTime };
  const applied = { metadata: { name }, status: { conditions: [condition] } };
  const options = { subresource: 'status', fieldManager: `${fieldManager}-in-place`, force: true, signal } as const;
  target.nodes.remember(await target.client.apply(nodes, applied, options));
}

async function empty(
  operation: Operation,
  target: Target,
  node: Node,
  condition: MachineCondition,
): Promise<number | undefined> {
  const { context, machine, settings } = operation;
  const { name, labels } = machine.metadata;
  const key = keyOf(machine.metadata);
  const now = context.clock.now();
  const isLate = now - parseTime(condition.lastTransitionTime, now) > settings.drainTimeoutMs;
  const options = drainOptions(operation, labels?.[forceDrainLabel] === 'True' || isLate || isSick(machine, node, now));
  const state = context.drains.get(key) ?? newDrainState();
  context.drains.set(key, state);
  await cordon(operation, target, node);
  const { isDone, failure } = await drainPass(operation, target, node.metadata.name, state, options);
  if (!isDone) {
    const description = `Drain failed due to - ${failure}. Will retry in next sync. Initiate node drain`;
    const change = { type: 'DrainNode', state: 'Processing', description } as const;
    if (failure) await writeStatus(operation, machine, { operation: change });
    return settings.periods.poll;
  }
  context.drains.delete(key);
  const description = `Machine ${name} is undergoing an in-place update`;
  await writeStatus(operation, context.machines.get(machine.metadata) ?? machine, {
    phase: 'InPlaceUpdating',
    timeoutActive: true,
    operation: { type: 'InPlaceUpdate', state: 'Processing', description },
  });
  return say(operation, target, node, 'DrainSuccessful');
}
