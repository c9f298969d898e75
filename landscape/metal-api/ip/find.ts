import { z } from 'zod';
import type { Ip } from '../model.ts';
import { parseAddress } from '../network/prefix.ts';
import { machineTag } from '../tags.ts';
import type { IpStore } from './store.ts';

export const ipFindSchema = z.object({
  ipaddress: z.string().optional(),
  projectid: z.string().optional(),
  networkid: z.string().optional(),
  networkprefix: z.string().optional(),
  machineid: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  tags: z.array(z.string()).optional(),
  addressfamily: z.enum(['IPv4', 'IPv6']).optional(),
  allocationuuid: z.string().optional(),
});

type IpFind = z.output<typeof ipFindSchema>;

const TEXTS = ['projectid', 'networkid', 'name', 'type', 'allocationuuid'] as const;

/** All conditions hold; every given tag is among the IP's tags, whole. An empty text is no condition. */
export function findIps(ips: IpStore, find: IpFind): Ip[] {
  const tags = find.machineid ? [...(find.tags ?? []), machineTag(find.machineid)] : (find.tags ?? []);
  return [...candidates(ips, find, tags)].filter((ip) => matches(ip, find, tags));
}

function candidates(ips: IpStore, find: IpFind, tags: readonly string[]): Iterable<Ip> {
  if (!find.ipaddress) return ips.candidates(tags, find.projectid || undefined);
  const ip = ips.get(parseAddress(find.ipaddress)?.text ?? find.ipaddress);
  return ip ? [ip] : [];
}

function matches(ip: Ip, find: IpFind, tags: readonly string[]): boolean {
  if (find.addressfamily && ip.ipaddress.includes(':') !== (find.addressfamily === 'IPv6')) return false;
  if (find.networkprefix && !ip.parentprefixes.includes(find.networkprefix)) return false;
  return TEXTS.every((key) => !find[key] || ip[key] === find[key]) && tags.every((tag) => ip.tags.includes(tag));
}
