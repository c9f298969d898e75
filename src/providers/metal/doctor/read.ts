import { forEachBounded } from '../../../kube/bounded.ts';
import type { ClusterSnapshot } from '../../doctor.ts';
import { OperationError } from '../../errors.ts';
import { tryTo } from '../../try-to.ts';
import { readCredentials } from '../credentials.ts';
import type { MetalApi } from '../metal-api/client.ts';
import { isMetalApiError } from '../metal-api/errors.ts';
import { type Account, locate } from './account.ts';
import type { Holdings } from './holdings.ts';
import type { Reader } from './reader.ts';

/** Accounts that are asked at the same time; each is asked for its lists at once. */
const ACCOUNTS_AT_ONCE = 4;

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

/** An account that was read, with credentials that were good for it. */
export interface ReadAccount {
  readonly api: MetalApi;
  readonly endpoint: string;
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
      return { api, endpoint, holdings: await readHoldings(api, account, signal) };
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
