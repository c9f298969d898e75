import { createHash } from 'node:crypto';
import type { Context } from './context.ts';
import { timestamp } from './context.ts';
import type { Fixture } from './fixture-schema.ts';
import { recordIp } from './ip/allocate.ts';
import type { Machine } from './model.ts';
import { createNetwork } from './network/create.ts';
import { parseAddress } from './network/prefix.ts';

/** Puts networks, IPs and machines of the fixture through the same rules as calls. Throws when the fixture breaks one. */
export function seed(context: Context, fixture: Fixture): void {
  const { state } = context;
  for (const network of fixture.networks) createNetwork(context, network);
  for (const record of fixture.ips) {
    const network = state.networks.get(record.networkid);
    const address = parseAddress(record.ipaddress);
    if (!network || !address || !state.ipam.acquireSpecific(network.prefixes, address)) {
      throw new Error(`seed data: ip ${record.ipaddress} is not free in network ${record.networkid}`);
    }
    recordIp(context, network, address.text, record);
  }
  for (const { id, name, partitionid, sizeid, rackid } of fixture.machines) {
    if (!state.partitions.has(partitionid))
      throw new Error(`seed data: machine ${id} in unknown partition ${partitionid}`);
    if (!state.sizes.has(sizeid)) throw new Error(`seed data: machine ${id} of unknown size ${sizeid}`);
    const now = timestamp(context);
    const machine: Machine = {
      id,
      name,
      description: '',
      partitionid,
      sizeid,
      rackid,
      created: now,
      changed: now,
      tags: [],
      state: { value: '', description: '' },
      led: { value: 'LED-OFF', description: 'Machine registered' },
      liveliness: 'Alive',
      crashLoop: false,
      events: [{ event: 'Waiting', message: 'machine is waiting for an allocation', time: now }],
      waiting: true,
      allocation: undefined,
    };
    state.machines.set(id, machine);
  }
}

/** A MAC address that belongs to this machine's interface, the same in every run. */
export function macOf(machineId: string, index: number): string {
  const digest = createHash('sha256').update(`${machineId}/${index}`).digest('hex');
  return `02:${(digest.match(/../g) ?? []).slice(0, 5).join(':')}`;
}
