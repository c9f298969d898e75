import { z } from 'zod';
import { type Context, timestamp } from '../context.ts';
import { badRequest, noSuch } from '../errors.ts';
import type { Ip } from '../model.ts';
import { parseAddress } from '../network/prefix.ts';
import { isMachineTag } from '../tags.ts';

export const ipUpdateSchema = z.object({
  ipaddress: z.string().default(''),
  type: z.string().default(''),
  name: z.string().optional(),
  description: z.string().optional(),
  tags: z.array(z.string()).optional(),
});

type IpUpdate = z.output<typeof ipUpdateSchema>;

export type IpScope = 'machine' | 'project';

/** An IP with a machine tag is that machine's, any other its project's. */
export function ipScope(tags: readonly string[]): IpScope {
  return tags.some(isMachineTag) ? 'machine' : 'project';
}

export function findIp({ state }: Context, address: string): Ip {
  const ip = state.ips.get(parseAddress(address)?.text ?? address);
  if (!ip) throw noSuch('ip', address);
  return ip;
}

/** Absent tags stay, `[]` clears them; an unknown type leaves the type. */
export function updateIp(context: Context, request: IpUpdate): Ip {
  const ip = findIp(context, request.ipaddress);
  if (request.type === 'ephemeral' && ip.type === 'static') {
    throw badRequest('cannot change type of ip address from static to ephemeral');
  }
  if (request.tags) {
    checkScope(ip, request.tags);
    context.state.ips.setTags(ip, request.tags);
  }
  if (request.type === 'static') ip.type = 'static';
  ip.name = request.name ?? ip.name;
  ip.description = request.description ?? ip.description;
  ip.changed = timestamp(context);
  return ip;
}

/** A machine's IP may not become the project's by an update, nor the other way round. */
function checkScope(ip: Ip, tags: readonly string[]): void {
  const [old, wanted] = [ipScope(ip.tags), ipScope(tags)];
  if (old !== wanted) throw badRequest(`can not use ip of scope ${old} with scope ${wanted}`);
}

export function freeIp(context: Context, address: string): Ip {
  const ip = findIp(context, address);
  if (ipScope(ip.tags) === 'machine') throw badRequest('ip with machine scope can not be deleted');
  removeIp(context, ip);
  return ip;
}

export function removeIp({ state }: Context, ip: Ip): void {
  const address = parseAddress(ip.ipaddress);
  if (address) state.ipam.release(ip.parentprefixes, address);
  state.ips.remove(ip);
}
