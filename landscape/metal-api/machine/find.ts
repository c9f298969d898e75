import { z } from 'zod';
import type { Machine, MachineNetwork } from '../model.ts';
import { macOf } from '../seed.ts';
import type { State } from '../state.ts';
import { MACHINE_DISKS, MACHINE_NICS, memoryOf } from './response.ts';

const text = z.string().optional();
const texts = z.array(z.string()).optional();
const numbers = z.array(z.int()).optional();

export const machineFindSchema = z.object({
  id: text,
  name: text,
  partition_id: text,
  sizeid: text,
  rackid: text,
  tags: texts,
  allocation_name: text,
  allocation_project: text,
  allocation_image_id: text,
  allocation_hostname: text,
  allocation_role: text,
  allocation_succeeded: z.boolean().optional(),
  network_ids: texts,
  network_prefixes: texts,
  network_ips: texts,
  network_destination_prefixes: texts,
  network_vrfs: numbers,
  network_asns: numbers,
  hardware_memory: z.int().optional(),
  nics_mac_addresses: texts,
  nics_names: texts,
  disk_names: texts,
  state_value: text,
});

export type MachineFind = z.output<typeof machineFindSchema>;

/** All conditions hold. An empty text or list is no condition; a list asks for "has all of these". */
export function machineMatches(state: State, machine: Machine, find: MachineFind): boolean {
  return ownFieldsMatch(state, machine, find) && allocationMatches(machine, find) && networksMatch(machine, find);
}

const same = (wanted: string | undefined, actual: string | undefined): boolean => !wanted || wanted === actual;

function hasAll<T>(wanted: readonly T[] | undefined, actual: readonly T[]): boolean {
  return (wanted ?? []).every((item) => actual.includes(item));
}

function ownFieldsMatch(state: State, machine: Machine, find: MachineFind): boolean {
  const memory = find.hardware_memory;
  return (
    same(find.id, machine.id) &&
    same(find.name, machine.name) &&
    same(find.partition_id, machine.partitionid) &&
    same(find.sizeid, machine.sizeid) &&
    same(find.rackid, machine.rackid) &&
    same(find.state_value, machine.state.value) &&
    hasAll(find.tags, machine.tags) &&
    (memory === undefined || memory === memoryOf(state.sizes.get(machine.sizeid))) &&
    hasAll(find.nics_names, MACHINE_NICS) &&
    hasAll(find.disk_names, MACHINE_DISKS) &&
    hasAll(
      find.nics_mac_addresses,
      MACHINE_NICS.map((_, index) => macOf(machine.id, index)),
    )
  );
}

function allocationMatches({ allocation }: Machine, find: MachineFind): boolean {
  const succeeded = find.allocation_succeeded;
  return (
    same(find.allocation_name, allocation?.name) &&
    same(find.allocation_project, allocation?.project) &&
    same(find.allocation_image_id, allocation?.image.id) &&
    same(find.allocation_hostname, allocation?.hostname) &&
    same(find.allocation_role, allocation?.role) &&
    (succeeded === undefined || succeeded === allocation?.succeeded)
  );
}

function networksMatch({ allocation }: Machine, find: MachineFind): boolean {
  const networks = allocation?.networks ?? [];
  const each = <T>(pick: (network: MachineNetwork) => readonly T[]): T[] => networks.flatMap(pick);
  return (
    hasAll(
      find.network_ids,
      networks.map(({ networkid }) => networkid),
    ) &&
    hasAll(
      find.network_prefixes,
      each(({ prefixes }) => prefixes),
    ) &&
    hasAll(
      find.network_ips,
      each(({ ips }) => ips),
    ) &&
    hasAll(
      find.network_destination_prefixes,
      each(({ destinationprefixes }) => destinationprefixes),
    ) &&
    hasAll(
      find.network_vrfs,
      networks.map(({ vrf }) => vrf),
    ) &&
    hasAll(
      find.network_asns,
      networks.map(({ asn }) => asn),
    )
  );
}
