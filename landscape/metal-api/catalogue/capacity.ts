import { z } from 'zod';
import type { Context } from '../context.ts';
import { noSuch } from '../errors.ts';
import type { Machine } from '../model.ts';

export const capacitySchema = z.object({
  id: z.string().optional(),
  sizeid: z.string().optional(),
  projectid: z.string().optional(),
});

/** Machines per partition and size, by what they can be used for. */
export function capacity({ state }: Context, request: z.output<typeof capacitySchema>): object[] {
  if (request.id && !state.partitions.has(request.id)) throw noSuch('partition', request.id);
  if (request.sizeid && !state.sizes.has(request.sizeid)) throw noSuch('size', request.sizeid);
  const partitions = [...state.partitions.values()].filter(({ id }) => !request.id || id === request.id);
  return partitions.map((partition) => {
    const machines = [...state.machines.values()].filter(
      ({ partitionid, sizeid }) => partitionid === partition.id && (!request.sizeid || sizeid === request.sizeid),
    );
    const sizes = [...new Set(machines.map(({ sizeid }) => sizeid))].sort();
    const servers = sizes.map((size) =>
      serverCapacity(
        size,
        machines.filter(({ sizeid }) => sizeid === size),
      ),
    );
    return { id: partition.id, name: partition.name, description: partition.description, servers };
  });
}

function serverCapacity(size: string, machines: readonly Machine[]): object {
  const count = (fits: (machine: Machine) => boolean): number => machines.filter(fits).length;
  const waiting = count((machine) => machine.waiting);
  const allocatable = count((machine) => machine.waiting && machine.state.value === '');
  const faulty = machines.filter((machine) => machine.liveliness !== 'Alive').map(({ id }) => id);
  return {
    size,
    total: machines.length,
    waiting,
    allocatable,
    free: allocatable,
    allocated: count((machine) => machine.allocation !== undefined),
    phoned_home: count((machine) => machine.events[0]?.event === 'Phoned Home'),
    unavailable: waiting - allocatable,
    faulty: faulty.length,
    faultymachines: faulty,
    other: 0,
    othermachines: [],
    reservations: 0,
    usedreservations: 0,
    remainingreservations: 0,
  };
}
