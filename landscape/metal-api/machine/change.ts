import { z } from 'zod';
import { type Context, timestamp, type User } from '../context.ts';
import { badRequest, noSuch, unprocessable } from '../errors.ts';
import { removeIp } from '../ip/update.ts';
import type { Machine } from '../model.ts';
import { machineTag, machineTags } from '../tags.ts';
import { releaseAsn, systemTags, usableImage } from './allocate.ts';
import { provision, reclaim } from './lifecycle.ts';
import { checkSshKeys } from './request.ts';

export function findMachine({ state }: Context, id: string): Machine {
  const machine = state.machines.get(id);
  if (!machine) throw noSuch('machine', id);
  return machine;
}

export const machineUpdateSchema = z.object({
  id: z.string().default(''),
  description: z.string().optional(),
  tags: z.array(z.string()).default([]),
  ssh_pub_keys: z.array(z.string()).default([]),
});

/** Empty lists change nothing: tags and keys cannot be cleared. */
export function updateMachine(context: Context, request: z.output<typeof machineUpdateSchema>): Machine {
  const machine = findMachine(context, request.id);
  const { allocation } = machine;
  if (!allocation) throw badRequest('only allocated machines can be updated');
  checkSshKeys(request.ssh_pub_keys);
  allocation.description = request.description ?? allocation.description;
  if (request.tags.length > 0) machine.tags = machineTags(request.tags, systemTags(machine, allocation));
  if (request.ssh_pub_keys.length > 0) allocation.ssh_pub_keys = request.ssh_pub_keys;
  machine.changed = timestamp(context);
  return machine;
}

/** Back into the pool. A machine without an allocation is answered with success and nothing happens. */
export function freeMachine(context: Context, id: string): Machine {
  const machine = findMachine(context, id);
  if (machine.state.value === 'LOCKED') throw unprocessable('machine is locked');
  const { allocation } = machine;
  if (!allocation) return machine;
  for (const address of allocation.networks.flatMap(({ ips }) => ips)) releaseFromMachine(context, address, id);
  releaseAsn(context, allocation);
  machine.allocation = undefined;
  machine.tags = [];
  machine.changed = timestamp(context);
  reclaim(context, machine);
  return machine;
}

/** Ephemeral IPs that nobody else has tagged go; all others lose the machine's tag. */
function releaseFromMachine(context: Context, address: string, machineId: string): void {
  const ip = context.state.ips.get(address);
  if (!ip) return;
  const tags = ip.tags.filter((tag) => tag !== machineTag(machineId));
  if (ip.type === 'ephemeral' && tags.length === 0) removeIp(context, ip);
  else context.state.ips.setTags(ip, tags);
}

export const machineStateSchema = z.object({
  value: z.enum(['', 'RESERVED', 'LOCKED']).default(''),
  description: z.string().default(''),
});

type MachineStateRequest = z.output<typeof machineStateSchema>;

/** Only who locked a machine may unlock it. */
export function setMachineState(context: Context, id: string, request: MachineStateRequest, user: User): Machine {
  if (request.value !== '' && request.description === '') throw badRequest('you must supply a description');
  const machine = findMachine(context, id);
  const { value, issuer } = machine.state;
  if (value === 'LOCKED' && issuer !== user.email) {
    throw unprocessable(`machine was locked by ${issuer}, only this user can unlock it`);
  }
  const { description } = request;
  machine.state =
    request.value === '' ? { value: '', description } : { value: request.value, description, issuer: user.email };
  machine.changed = timestamp(context);
  return machine;
}

export const reinstallSchema = z.object({ imageid: z.string().default(''), description: z.string().optional() });

export function reinstallMachine(context: Context, id: string, request: z.output<typeof reinstallSchema>): Machine {
  const machine = findMachine(context, id);
  const { allocation } = machine;
  if (!allocation) throw badRequest('machine either locked, not allocated yet or invalid image ID specified');
  if (machine.state.value === 'LOCKED') throw unprocessable('machine is locked');
  allocation.image = usableImage(context, allocation.role, request.imageid);
  allocation.description = request.description ?? allocation.description;
  allocation.reinstall = true;
  allocation.succeeded = false;
  machine.changed = timestamp(context);
  provision(context, machine);
  return machine;
}

/** The administrator's way to forget hardware that is gone. */
export function deleteMachine(context: Context, id: string): Machine {
  const machine = findMachine(context, id);
  if (machine.allocation) throw unprocessable(`cannot delete machine ${id}: it is allocated`);
  if (machine.liveliness === 'Alive') throw unprocessable(`can only delete dead machines, but ${id} is alive`);
  context.state.machines.delete(id);
  return machine;
}

export function setLed(context: Context, id: string, value: 'LED-ON' | 'LED-OFF', description: string): Machine {
  const machine = findMachine(context, id);
  machine.led = { value, description };
  machine.changed = timestamp(context);
  return machine;
}
