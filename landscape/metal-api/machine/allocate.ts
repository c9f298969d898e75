import { latestImage } from '../catalogue/image.ts';
import { type Context, timestamp, type User } from '../context.ts';
import { ApiError, badRequest, noSuch, unprocessable } from '../errors.ts';
import type { Image } from '../fixture-schema.ts';
import type { Allocation, Machine, MachineRole } from '../model.ts';
import { randomUuid } from '../random.ts';
import { ASN_TAG_KEY, machineTags, RACK_TAG_KEY } from '../tags.ts';
import { chooseMachine } from './candidate.ts';
import { checkFirewallRules } from './firewall-rules.ts';
import { provision } from './lifecycle.ts';
import { attach, planNetworks } from './networks.ts';
import { checkRequest, type MachineAllocate } from './request.ts';

/** ASNs of machines begin here; the pool adds 1..131072. */
const ASN_BASE = 4_210_000_000;

/** Takes a machine for a project and installs it. Nothing is taken when it fails; two equal calls take two machines. */
export function allocateMachine(context: Context, role: MachineRole, request: MachineAllocate, user: User): Machine {
  const { state } = context;
  const networks = request.networks;
  if (!networks) throw badRequest('network ids cannot be nil');
  if (networks.length === 0) throw badRequest('network ids cannot be empty');
  const image = usableImage(context, role, request.imageid);
  checkRequest(request);
  if (role === 'firewall' && request.firewall_rules) checkFirewallRules(request.firewall_rules);
  checkQuota(context, request.projectid);
  const layout = layoutFor(context, request, image);
  const machine = chooseMachine(context, request);
  const networksRequest = { ...request, role, networks, partitionid: machine.partitionid };
  const planned = planNetworks(context, networksRequest);
  const offset = state.asns.acquire(context.random);
  const asn = ASN_BASE + offset;
  let attached: ReturnType<typeof attach>;
  try {
    attached = attach(context, planned, networksRequest, machine.id, asn);
  } catch (error) {
    state.asns.release(offset);
    throw error;
  }
  const partition = state.partitions.get(machine.partitionid);
  const allocation: Allocation = {
    allocationuuid: randomUuid(context.random),
    created: timestamp(context),
    creator: user.email,
    name: request.name,
    description: request.description,
    hostname: request.hostname || 'metal',
    project: request.projectid,
    image,
    filesystemlayoutid: layout,
    networks: shuffled(context, attached),
    asn,
    role,
    ssh_pub_keys: request.ssh_pub_keys,
    user_data: request.user_data,
    placementTags: request.placement_tags,
    dns_servers: request.dns_servers.length > 0 ? request.dns_servers : (partition?.dns_servers ?? []),
    ntp_servers: request.ntp_servers.length > 0 ? request.ntp_servers : (partition?.ntp_servers ?? []),
    firewall_rules: role === 'firewall' ? request.firewall_rules : undefined,
    succeeded: false,
    reinstall: false,
  };
  machine.allocation = allocation;
  machine.waiting = false;
  machine.tags = machineTags(request.tags, systemTags(machine, allocation));
  machine.changed = allocation.created;
  provision(context, machine);
  return machine;
}

/** Returns what only the allocation holds: metal-api gives the ASN back to its pool. */
export function releaseAsn({ state }: Context, allocation: Allocation): void {
  state.asns.release(allocation.asn - ASN_BASE);
}

/** Tags that metal-api sets itself and that win over the caller's. */
export function systemTags(machine: Machine, { asn }: Allocation): string[] {
  return [`${ASN_TAG_KEY}=${asn}`, `${RACK_TAG_KEY}=${machine.rackid}`];
}

/** An unknown image is a 400 here, and a 404 when it is asked for itself. */
export function usableImage({ state }: Context, role: MachineRole, id: string): Image {
  let image: Image;
  try {
    image = latestImage(state.images.values(), id);
  } catch (error) {
    throw badRequest(error instanceof ApiError ? error.message : String(error));
  }
  if (!image.features.includes(role)) {
    throw badRequest(`given image is not usable for a ${role}, features: ${image.features.join(' ')}`);
  }
  return image;
}

function checkQuota({ state }: Context, projectid: string): void {
  const project = state.projects.get(projectid);
  if (!project) throw noSuch('project', projectid);
  const quota = project.quotas.machine?.quota;
  if (quota === undefined) return;
  const used = [...state.machines.values()].filter(({ allocation }) => allocation?.project === projectid).length;
  if (used >= quota) throw unprocessable(`project quota for machines reached max:${quota}`);
}

/** The layout that is asked for, or the first for the size and the image's os. An installation may have none. */
function layoutFor({ state }: Context, request: MachineAllocate, image: Image): string | undefined {
  const { filesystemlayoutid, sizeid } = request;
  if (filesystemlayoutid) {
    if (!state.filesystemLayouts.has(filesystemlayoutid)) throw noSuch('filesystemlayout', filesystemlayoutid);
    return filesystemlayoutid;
  }
  const os = image.id.slice(0, image.id.lastIndexOf('-'));
  return [...state.filesystemLayouts.values()].find(
    ({ sizes, images }) => sizes.includes(sizeid) && Object.hasOwn(images, os),
  )?.id;
}

/** metal-api answers the networks in Go's map order: nobody may rely on one. */
function shuffled<T>({ random }: Context, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
