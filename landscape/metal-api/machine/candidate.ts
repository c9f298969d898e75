import type { Context } from '../context.ts';
import { noSuch, unprocessable } from '../errors.ts';
import type { Machine } from '../model.ts';

export interface CandidateRequest {
  readonly uuid?: string | undefined;
  readonly partitionid: string;
  readonly sizeid: string;
  readonly projectid: string;
  readonly placement_tags: readonly string[];
}

/** The machine with the given id, or a waiting one in a rack where the project has the fewest. */
export function chooseMachine(context: Context, request: CandidateRequest): Machine {
  return request.uuid ? namedMachine(context, request, request.uuid) : waitingMachine(context, request);
}

function namedMachine({ state }: Context, request: CandidateRequest, id: string): Machine {
  const machine = state.machines.get(id);
  if (!machine) throw noSuch('machine', id);
  if (machine.allocation) throw unprocessable('machine is already allocated');
  if (request.partitionid && machine.partitionid !== request.partitionid) {
    throw unprocessable(`machine "${id}" is not in the requested partition: ${request.partitionid}`);
  }
  if (request.sizeid && machine.sizeid !== request.sizeid) {
    throw unprocessable(`machine "${id}" does not have the requested size: ${request.sizeid}`);
  }
  if (!isAvailable(machine)) throw unprocessable(`unable to find machine: machine "${id}" is not waiting`);
  return machine;
}

function isAvailable(machine: Machine): boolean {
  return machine.waiting && !machine.allocation && machine.state.value === '' && machine.liveliness === 'Alive';
}

function waitingMachine(context: Context, request: CandidateRequest): Machine {
  const { state, random } = context;
  const { partitionid, sizeid } = request;
  if (!state.partitions.has(partitionid)) throw noSuch('partition', partitionid);
  if (!state.sizes.has(sizeid)) throw noSuch('size', sizeid);
  const inPartition = [...state.machines.values()].filter((machine) => machine.partitionid === partitionid);
  const available = inPartition.filter((machine) => machine.sizeid === sizeid && isAvailable(machine));
  const ofProject = inPartition.filter((machine) => machine.allocation?.project === request.projectid);
  const placedAlike = ofProject.filter((machine) =>
    machine.allocation?.placementTags.some((tag) => request.placement_tags.includes(tag)),
  );
  const candidates = emptiestRacks(emptiestRacks(available, placedAlike), ofProject);
  const chosen = candidates[Math.floor(random() * candidates.length)];
  if (!chosen) throw unprocessable('unable to find machine:no machine available');
  return chosen;
}

/** Those candidates whose rack holds the fewest of `placed`. */
function emptiestRacks(candidates: readonly Machine[], placed: readonly Machine[]): Machine[] {
  const countIn = (rackid: string): number => placed.filter((machine) => machine.rackid === rackid).length;
  const fewest = Math.min(...candidates.map(({ rackid }) => countIn(rackid)));
  return candidates.filter(({ rackid }) => countIn(rackid) === fewest);
}
