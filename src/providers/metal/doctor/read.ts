import {
  type Firewall,
  type FirewallDeployment,
  firewallDeployments,
  firewalls,
} from '../../../apis/firewall/firewall.ts';
import { forEachBounded } from '../../../kube/bounded.ts';
import { isNotFound, toError } from '../../../kube/errors.ts';
import { namespaces } from '../../../kube/namespace.ts';
import type { KubeObject } from '../../../kube/object.ts';
import type { Resource } from '../../../kube/resource.ts';
import type { ClusterSnapshot, SeenSeed, Unseen } from '../../doctor.ts';
import { OperationError } from '../../errors.ts';
import { readCredentials } from '../credentials.ts';
import { webhookConfigurations } from '../infrastructure/webhook-configurations.ts';
import type { MetalApiCredentials } from '../metal-api/auth.ts';
import type { MetalApi } from '../metal-api/client.ts';
import { isMetalApiError } from '../metal-api/errors.ts';
import type { MetalApiRegistry } from '../metal-api/registry.ts';
import { type Account, locate } from './account.ts';
import type { Catalogue, CatalogueReader } from './catalogue.ts';
import type { Holdings } from './holdings.ts';
import type { Offer, ReadOffer } from './offers.ts';

/** Accounts that are asked at the same time; each is asked for its lists at once. */
const ACCOUNTS_AT_ONCE = 4;

export interface Reader {
  readonly seeds: readonly SeenSeed[];
  readonly metalApis: MetalApiRegistry;
  readonly signal: AbortSignal;
  readonly unseen: Unseen[];
}

/** Runs one look; its failure is noted, and nothing is said of what it would have shown. */
async function tryTo<T>({ unseen, signal }: Reader, what: string, look: () => T | Promise<T>) {
  try {
    return await look();
  } catch (error) {
    signal.throwIfAborted();
    unseen.push({ what, reason: toError(error).message });
    return undefined;
  }
}

/** Where the clusters of all seeds are. One that never had anything and whose configuration is wrong is nowhere (decision 0011). */
export async function locateAll(reader: Reader, snapshots: readonly ClusterSnapshot[]) {
  const located = [];
  for (const snapshot of snapshots.filter((each) => !isNowhere(each))) {
    const place = await tryTo(reader, `metal-api of cluster ${snapshot.namespace} in seed ${snapshot.seed}`, () =>
      locate(snapshot),
    );
    if (place) located.push({ ...place, snapshot });
  }
  return located;
}

/** Its Infrastructure has failed for that, and is told of. */
function isNowhere(snapshot: ClusterSnapshot): boolean {
  const { nodesCIDR, providerStatus } = snapshot.infrastructure?.status ?? {};
  if (nodesCIDR || providerStatus) return false;
  try {
    return locate(snapshot) === undefined;
  } catch (error) {
    return error instanceof OperationError;
  }
}

/** An account that was read, and whose credentials were good for it. */
export interface ReadAccount {
  readonly api: MetalApi;
  readonly endpoint: string;
  readonly credentials: MetalApiCredentials;
  readonly holdings: Holdings;
}

/** By name of the account; those that could not be read are missing. */
export async function readAccounts(reader: Reader, accounts: readonly Account[]) {
  const read = new Map<string, ReadAccount>();
  await forEachBounded(accounts, ACCOUNTS_AT_ONCE, async (account) => {
    const found = await tryTo(reader, account.name, () => readAccount(reader, account));
    if (found) read.set(account.name, found);
  });
  return read;
}

/** With the credentials of the first cluster whose credentials are good. */
async function readAccount({ seeds, metalApis, signal }: Reader, account: Account): Promise<ReadAccount> {
  let refused: unknown;
  const tried = new Set<MetalApi>();
  for (const { snapshot } of account.clusters) {
    const reference = snapshot.infrastructure?.spec.secretRef;
    const kube = seeds.find(({ name }) => name === snapshot.seed)?.kube;
    if (!reference || !kube) continue;
    try {
      const credentials = await readCredentials(kube, reference, snapshot.namespace, { signal });
      const { endpoint } = account;
      const api = metalApis.client(endpoint, credentials);
      if (tried.has(api)) continue;
      tried.add(api);
      return { api, endpoint, credentials, holdings: await readHoldings(api, account, signal) };
    } catch (error) {
      if (isMetalApiError(error) && !isMetalApiError(error, 'unauthenticated', 'forbidden')) throw error;
      refused = error;
    }
  }
  throw refused ?? new Error('no cluster of the project has credentials');
}

async function readHoldings(api: MetalApi, { name, projectID }: Account, signal: AbortSignal): Promise<Holdings> {
  const [networks, ips, machines] = await Promise.all([
    api.findNetworks({ projectid: projectID }, { signal }),
    api.findIPs({ projectid: projectID }, { signal }),
    api.findMachines({ allocation_project: projectID, tags: [] }, { signal }),
  ]);
  return { account: name, projectID, networks, ips, machines };
}

/** What the metal-apis have that CloudProfiles name; each is asked once, and only where an account of it was read. */
export async function readCatalogues(
  reader: Reader,
  catalogues: CatalogueReader,
  offers: readonly Offer[],
  accounts: readonly ReadAccount[],
): Promise<readonly ReadOffer[]> {
  const asked = new Map<string, Promise<Catalogue | undefined>>();
  const ask = (endpoint: string) => {
    const account = accounts.find((each) => each.endpoint === endpoint);
    const what = `images and sizes at ${endpoint}`;
    return account && tryTo(reader, what, () => catalogues.read(endpoint, account.credentials, reader.signal));
  };
  const read = offers.map(async (offer) => {
    const { endpoint = '' } = offer.plane;
    const asking = asked.get(endpoint) ?? Promise.resolve(ask(endpoint));
    asked.set(endpoint, asking);
    const catalogue = await asking;
    return catalogue ? [{ ...offer, catalogue }] : [];
  });
  return (await Promise.all(read)).flat();
}

export interface FirewallObjects {
  /** Undefined when they could not be read. */
  readonly firewalls: readonly Firewall[] | undefined;
  readonly firewallDeployments: readonly FirewallDeployment[] | undefined;
  readonly configurations: readonly KubeObject[];
  readonly namespaces: ReadonlySet<string>;
}

/** What a seed has of firewalls, in all namespaces. */
export async function readFirewalls(reader: Reader, seed: SeenSeed): Promise<FirewallObjects> {
  const read = <T extends KubeObject>(resource: Resource<T>) => list(reader, seed, resource);
  const [walls, deployments, configurations, spaces] = await Promise.all([
    read(firewalls),
    read(firewallDeployments),
    Promise.all(webhookConfigurations.map((resource) => read<KubeObject>(resource))),
    read(namespaces),
  ]);
  return {
    firewalls: walls,
    firewallDeployments: deployments,
    // Without the namespaces nobody can tell which of them are gone.
    configurations: spaces ? configurations.flatMap((items) => items ?? []) : [],
    namespaces: new Set((spaces ?? []).map(({ metadata }) => metadata.name)),
  };
}

/** Undefined when it could not be read; none where the kind is not installed. */
function list<T extends KubeObject>(
  reader: Reader,
  { name, kube }: SeenSeed,
  resource: Resource<T>,
): Promise<readonly T[] | undefined> {
  return tryTo(reader, `${resource.kind}s of seed ${name}`, async () => {
    try {
      return (await kube.list(resource, { signal: reader.signal })).items;
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  });
}
