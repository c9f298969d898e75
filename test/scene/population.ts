import type { MetalApi } from '../../landscape/metal-api/server.ts';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import { CLUSTER_ID, egressTag } from '../../src/providers/metal/tags.ts';
import { allocateIP, allocateNetwork, differences, networksOf, type Stock, stockOf } from './metal-stock.ts';
import type { Seed } from './seed.ts';
import type { TestShoot } from './shoot.ts';

/** What is there for one Shoot before it is ordered. */
interface Plot {
  /** Static IPs that its egress rules name. */
  readonly egress: readonly string[];
  /** An ephemeral IP for a service of it. */
  readonly service: string | undefined;
}

export interface Member extends Plot {
  readonly shoot: TestShoot;
  deleted: boolean;
}

/** Shoots that come and go, among what other clusters of the same project have at metal-api. */
export interface Population {
  readonly members: readonly Member[];
  readonly live: readonly TestShoot[];
  readonly deleted: readonly TestShoot[];
  /** The next Shoot; at most as many as there are plots. */
  create(): Promise<void>;
  delete(member: Member): Promise<void>;
  /** Plays the cloud-controller-managers of the Shoots that have become ready: they take the IPs of their services. */
  useServices(): Promise<void>;
  /** How metal-api is not as it must be when all is done: nothing more, nothing less, nothing of others touched. */
  faults(): string[];
  /** Networks beyond the one that each live Shoot needs. */
  surplus(): number;
}

const serviceTag = (uid: string) => `${CLUSTER_ID}/namespace/service=${uid}/default/web`;

/** Metal-api must be well when this is called. Every third Shoot has egress IPs, every fourth a service. */
export async function settle(seed: Seed, count: number): Promise<Population> {
  const { metalApi } = seed;
  await settleOthers(metalApi);
  const plots: Plot[] = [];
  for (let index = 0; index < count; index++) plots.push(await preparePlot(metalApi, index));
  const before = stockOf(metalApi);
  const members: Member[] = [];
  const services = new Map<string, string>();
  let taken = 0;
  const shoots = (deleted: boolean) => members.filter((member) => member.deleted === deleted).map(({ shoot }) => shoot);

  return {
    members,
    get live() {
      return shoots(false);
    },
    get deleted() {
      return shoots(true);
    },
    async create() {
      const index = taken++;
      const plot = plots[index];
      if (!plot) throw new Error('there are no more plots');
      const shoot = await seed.createShoot({ egressIPs: plot.egress });
      members[index] = { ...plot, shoot, deleted: false };
    },
    async delete(member) {
      member.deleted = true;
      await seed.client.delete(infrastructures, member.shoot.key);
    },
    async useServices() {
      const { items } = await seed.client.list(infrastructures);
      const ready = new Set(
        items
          .filter(({ status }) => status?.lastOperation?.state === 'Succeeded')
          .map(({ metadata }) => metadata.namespace),
      );
      for (const { shoot, service, deleted } of members) {
        if (deleted || !service || services.has(service) || !ready.has(shoot.namespace)) continue;
        services.set(service, takeForService(metalApi, service, shoot.uid));
      }
    },
    faults() {
      const now = stockOf(metalApi);
      return differences(expectedStock(now, before, services, members), now);
    },
    surplus: () => shoots(false).reduce((sum, { uid }) => sum + networksOf(metalApi, uid).length - 1, 0),
  };
}

async function settleOthers(metalApi: MetalApi): Promise<void> {
  const other = 'cccccccc-cccc-4ccc-8ccc-cccccccccccc';
  await allocateNetwork(metalApi, { [CLUSTER_ID]: other });
  await allocateNetwork(metalApi, {});
  await allocateIP(metalApi, 'static', [egressTag(other)]);
  await allocateIP(metalApi, 'static');
  await allocateIP(metalApi, 'ephemeral', [serviceTag(other)]);
  await allocateIP(metalApi, 'ephemeral');
}

async function preparePlot(metalApi: MetalApi, index: number): Promise<Plot> {
  const egress: string[] = [];
  for (let count = index % 3 === 0 ? 1 + (index % 2) : 0; count > 0; count--) {
    egress.push((await allocateIP(metalApi, 'static')).ipaddress);
  }
  const service = index % 4 === 1 ? (await allocateIP(metalApi, 'ephemeral')).ipaddress : undefined;
  return { egress, service };
}

/** As a cloud-controller-manager would; returns the IP as it must stay while the Shoot lives. */
function takeForService({ state }: MetalApi, address: string, uid: string): string {
  const ip = state.ips.get(address);
  if (!ip) throw new Error(`ip ${address} is gone`);
  state.ips.setTags(ip, [serviceTag(uid)]);
  return JSON.stringify(ip);
}

function expectedStock(
  now: Stock,
  before: Stock,
  services: ReadonlyMap<string, string>,
  members: readonly Member[],
): Stock {
  const networks = new Map(before.networks);
  const ips = new Map([...before.ips, ...services]);
  for (const { shoot, egress, service, deleted } of members) {
    if (!deleted) networks.set(...ownNetwork(now, shoot.uid));
    if (deleted && service && services.has(service)) ips.delete(service);
    const tags = deleted ? [] : [egressTag(shoot.uid)];
    for (const address of egress) ips.set(address, retagged(before.ips.get(address), now.ips.get(address), tags));
  }
  return { networks, ips, machines: before.machines };
}

/** One of those that carry its label; any other is then one too many. */
function ownNetwork({ networks }: Stock, uid: string): [id: string, json: string] {
  const label = JSON.stringify({ [CLUSTER_ID]: uid });
  return [...networks].find(([, json]) => json.includes(`"labels":${label}`)) ?? [`network of ${uid}`, 'is missing'];
}

/** Nothing but tags and the time of their change may differ. */
function retagged(before: string | undefined, now: string | undefined, tags: readonly string[]): string {
  const { changed } = JSON.parse(now ?? '{}');
  return JSON.stringify({ ...JSON.parse(before ?? '{}'), tags, changed });
}
