import { type InPlaceReason, inPlaceCondition } from '../../apis/machine/in-place.ts';
import type { Machine } from '../../apis/machine/machine.ts';
import type { InformerEvent } from '../../kube/lister.ts';
import { keyOf } from '../../kube/object.ts';

const candidate: InPlaceReason = 'CandidateForUpdate';
/** On the machines of pools that are updated in place: the Worker's name. */
export const workerLabel = 'worker.gardener.cloud/name';

/** True while the machine is being updated in place, or failed to be. */
export function isInUpdate(machine: Machine): boolean {
  const condition = machine.status?.conditions?.find(({ type }) => type === inPlaceCondition);
  return condition !== undefined && condition.reason !== candidate;
}

/**
 * The Worker that must look after its pools because one of their machines has been selected by hand for an update in
 * place, or has appeared (gardener-contract 2.11).
 */
export function workersOfMachineEvent(
  event: InformerEvent<Machine>,
  isManual: (machine: Machine) => boolean,
): readonly string[] {
  const { object } = event;
  const { namespace, labels } = object.metadata;
  const name = labels?.[workerLabel];
  if (!name || event.type === 'delete' || !isManual(object)) return [];
  if (event.type === 'add') return event.initial ? [] : [keyOf({ namespace, name })];
  return isCandidate(event.old) && isInUpdate(object) ? [keyOf({ namespace, name })] : [];
}

function isCandidate(machine: Machine): boolean {
  return (
    machine.status?.conditions?.some(({ type, reason }) => type === inPlaceCondition && reason === candidate) ?? false
  );
}
