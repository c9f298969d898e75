import { z } from 'zod';
import { type Context, timestamp } from '../context.ts';
import { badRequest } from '../errors.ts';
import type { Network } from '../model.ts';
import { checkNoOverlap, validPrefix } from './create.ts';
import { findNetwork } from './free.ts';

export const networkUpdateSchema = z.object({
  id: z.string().default(''),
  name: z.string().optional(),
  description: z.string().optional(),
  prefixes: z.array(z.string()).optional(),
  destinationprefixes: z.array(z.string()).optional(),
  shared: z.boolean().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  defaultchildprefixlength: z.partialRecord(z.enum(['IPv4', 'IPv6']), z.int()).optional(),
  additionalAnnouncableCIDRs: z.array(z.string()).optional(),
});

type NetworkUpdate = z.output<typeof networkUpdateSchema>;

/** Changes what is given; everything else stays. */
export function updateNetwork(context: Context, request: NetworkUpdate): Network {
  const network = findNetwork(context, request.id);
  if (request.shared === false && network.shared) {
    throw badRequest('once a network is marked as shared it is not possible to unshare it');
  }
  if (request.additionalAnnouncableCIDRs && !network.privatesuper) {
    throw badRequest('additionalAnnouncableCIDRs can only be set in a private super network');
  }
  for (const cidr of [...(request.destinationprefixes ?? []), ...(request.additionalAnnouncableCIDRs ?? [])]) {
    validPrefix(cidr);
  }
  if (request.prefixes) network.prefixes = changePrefixes(context, network, request.prefixes);
  network.name = request.name ?? network.name;
  network.description = request.description ?? network.description;
  network.shared = request.shared ?? network.shared;
  network.labels = request.labels ?? network.labels;
  network.destinationprefixes = request.destinationprefixes ?? network.destinationprefixes;
  network.defaultchildprefixlength = request.defaultchildprefixlength ?? network.defaultchildprefixlength;
  network.additionalAnnouncableCIDRs = request.additionalAnnouncableCIDRs ?? network.additionalAnnouncableCIDRs;
  network.changed = timestamp(context);
  return network;
}

function changePrefixes({ state }: Context, network: Network, wanted: readonly string[]): string[] {
  const prefixes = wanted.map(validPrefix);
  const cidrs = prefixes.map((prefix) => prefix.cidr);
  const removed = network.prefixes.filter((cidr) => !cidrs.includes(cidr));
  const added = prefixes.filter((prefix) => !network.prefixes.includes(prefix.cidr));
  const used = removed.find((cidr) => state.ipam.isInUse(cidr));
  if (used !== undefined) throw badRequest(`there are still ips or child prefixes present in prefix: ${used}`);
  const kept = state.ipam.cidrs().filter((cidr) => !removed.includes(cidr));
  for (const { cidr } of added) {
    checkNoOverlap(kept, cidr);
    kept.push(cidr);
  }
  for (const cidr of removed) state.ipam.delete(cidr);
  for (const prefix of added) state.ipam.create(prefix);
  return cidrs;
}
