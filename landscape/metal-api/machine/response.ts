import { filesystemLayoutResponse, partitionResponse, sizeResponse } from '../catalogue/routes.ts';
import type { Size } from '../fixture-schema.ts';
import type { Allocation, Machine } from '../model.ts';
import { macOf } from '../seed.ts';
import type { State } from '../state.ts';

/** metal-api stores more events than it answers. */
const ANSWERED_EVENTS = 20;
const GIGABYTE = 1e9;

export const MACHINE_DISKS = ['/dev/nvme0n1', '/dev/sda'] as const;
export const MACHINE_NICS = ['lan0', 'lan1'] as const;

export function machineResponse(state: State, machine: Machine): object {
  const { partitionid, sizeid, led, events, crashLoop, waiting: _, allocation, ...rest } = machine;
  const partition = state.partitions.get(partitionid);
  const size = state.sizes.get(sizeid);
  return {
    ...rest,
    partition: partition && partitionResponse(partition),
    size: size && sizeResponse(size),
    state: { metal_hammer_version: 'v0.13.0', ...machine.state },
    ledstate: led,
    events: {
      log: events.slice(0, ANSWERED_EVENTS),
      crash_loop: crashLoop,
      failed_machine_reclaim: false,
      last_event_time: events[0]?.time,
    },
    hardware: hardware(machine, size),
    bios: { version: '1.4', vendor: 'simulated', date: '2025-06-01' },
    allocation: allocation && allocationResponse(state, allocation),
  };
}

function hardware(machine: Machine, size: Size | undefined): object {
  return {
    memory: memoryOf(size),
    cpu_cores: constraint(size, 'cores'),
    disks: MACHINE_DISKS.map((name) => ({ name, size: 960 * GIGABYTE })),
    nics: MACHINE_NICS.map((name, index) => ({
      name,
      identifier: macOf(machine.id, index),
      mac: macOf(machine.id, index),
      neighbors: [],
    })),
    cpus: [],
    gpus: [],
  };
}

export function memoryOf(size: Size | undefined): number {
  return constraint(size, 'memory');
}

function constraint(size: Size | undefined, type: 'cores' | 'memory'): number {
  return size?.constraints.find((candidate) => candidate.type === type)?.min ?? 0;
}

function allocationResponse(state: State, allocation: Allocation): object {
  const { asn: _, placementTags: __, filesystemlayoutid, ...rest } = allocation;
  const layout = state.filesystemLayouts.get(filesystemlayoutid ?? '');
  return { ...rest, filesystemlayout: layout && filesystemLayoutResponse(layout) };
}
