import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { MetalApi } from '../providers/metal/metal-api/client.ts';
import { MetalApiError } from '../providers/metal/metal-api/errors.ts';
import type { MetalApiRegistry } from '../providers/metal/metal-api/registry.ts';
import { type IpFind, ip, machine, type NetworkFind, network } from '../providers/metal/metal-api/types.ts';
import { InputError } from './documents.ts';

/** `kind: MetalApiState`: what metal-api has, in the form in which it answers. */
const stateSchema = z.object({
  networks: z.array(network).nullish(),
  ips: z.array(ip).nullish(),
  machines: z.array(machine).nullish(),
});

export interface MetalApiState {
  readonly networks: readonly z.infer<typeof network>[];
  readonly ips: readonly z.infer<typeof ip>[];
  readonly machines: readonly z.infer<typeof machine>[];
}

/** Throws InputError that names the field at fault. */
export function readMetalApiState(document: object): MetalApiState {
  const read = stateSchema.safeParse(document);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new InputError(`MetalApiState: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { networks, ips, machines } = read.data;
  return { networks: networks ?? [], ips: ips ?? [], machines: machines ?? [] };
}

/** A call that changes something at metal-api. */
export interface MetalApiCall {
  readonly call: string;
  readonly endpoint: string;
  readonly request: unknown;
}

/** Stands for the ID that metal-api gives to a network. */
const allocatedId = '<allocated>';

/**
 * A metal-api in memory: finds what is in `state` and what was changed since, and keeps a record of every change. A network
 * that is allocated has the first of `nodeCIDRs` of each family that is asked for.
 */
export function createPlannedMetalApi(
  state: MetalApiState,
  nodeCIDRs: readonly string[],
): { readonly registry: MetalApiRegistry; readonly calls: readonly MetalApiCall[] } {
  const networks = [...state.networks];
  const ips = [...state.ips];
  const calls: MetalApiCall[] = [];

  const clientOf = (endpoint: string): MetalApi => {
    const note = (call: string, request: unknown) => calls.push({ call, endpoint, request });
    return {
      findNetworks: async (query) => networks.filter((each) => isNetwork(each, query)),
      getNetwork: async (id) => networks.find((each) => each.id === id),
      async allocateNetwork(order) {
        note('allocateNetwork', order);
        const prefixes = prefixesFor(order.addressfamily, nodeCIDRs);
        const { projectid, partitionid, description, labels } = order;
        const made = {
          id: allocatedId,
          prefixes,
          projectid,
          partitionid,
          description,
          labels: { ...labels },
          created: undefined,
        };
        networks.push(made);
        return made;
      },
      async freeNetwork(id) {
        note('freeNetwork', { id });
        networks.splice(0, networks.length, ...networks.filter((each) => each.id !== id));
      },
      findIPs: async (query) => ips.filter((each) => isIP(each, query)),
      async updateIP(update) {
        const index = ips.findIndex(({ ipaddress }) => ipaddress === update.ipaddress);
        const found = ips[index];
        if (!found) throw new MetalApiError('not-found', 'updateIP', `no IP ${update.ipaddress}`, { status: 404 });
        note('updateIP', update);
        const changed = { ...found, type: update.type, tags: [...update.tags] };
        ips[index] = changed;
        return changed;
      },
      async freeIP(ipaddress) {
        note('freeIP', { ipaddress });
        ips.splice(0, ips.length, ...ips.filter((each) => each.ipaddress !== ipaddress));
      },
      findMachines: async ({ allocation_project, tags }) =>
        state.machines.filter(
          (each) => each.allocation?.project === allocation_project && tags.every((tag) => each.tags.includes(tag)),
        ),
      async allocateMachine({ user_data: _secret, ...order }) {
        note('allocateMachine', order);
        const { projectid: project, hostname } = order;
        return machine.parse({ id: allocatedId, tags: order.tags, allocation: { project, role: 'machine', hostname } });
      },
      freeMachine: async (id) => void note('freeMachine', { id }),
      listImages: async () => [],
      listSizes: async () => [],
      health: async () => ({ status: 'healthy', message: undefined }),
    };
  };

  const clients = new Map<string, MetalApi>();
  const registry: MetalApiRegistry = {
    client(endpoint) {
      const client = clients.get(endpoint) ?? clientOf(endpoint);
      clients.set(endpoint, client);
      return client;
    },
    get size() {
      return clients.size;
    },
    close: async () => undefined,
  };
  return { registry, calls };
}

function prefixesFor(family: string | undefined, nodeCIDRs: readonly string[]): string[] {
  const of = (wanted: string) => nodeCIDRs.find((cidr) => cidr.includes(':') === (wanted === 'IPv6'));
  return (family ? [family] : ['IPv4', 'IPv6']).flatMap((each) => of(each) ?? []);
}

function isNetwork(each: MetalApiState['networks'][number], query: NetworkFind): boolean {
  const { labels = {}, prefixes, ...fields } = query;
  return (
    hasFields(each, fields) &&
    Object.entries(labels).every(([key, value]) => each.labels[key] === value) &&
    (prefixes === undefined || prefixes.every((prefix) => each.prefixes.includes(prefix)))
  );
}

function isIP(each: MetalApiState['ips'][number], { tags = [], ...fields }: IpFind): boolean {
  return hasFields(each, fields) && tags.every((tag) => each.tags.includes(tag));
}

function hasFields(each: object, fields: object): boolean {
  return Object.entries(fields).every(
    ([field, value]) => value === undefined || isDeepStrictEqual(Reflect.get(each, field), value),
  );
}
