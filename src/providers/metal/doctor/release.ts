import type { FixResult, Release } from '../../doctor.ts';
import type { MetalApi } from '../metal-api/client.ts';
import { isMetalApiError } from '../metal-api/errors.ts';
import { type Claimed, claimedIn } from './claims.ts';
import type { Holdings } from './holdings.ts';

/** Reads the object once more, and gives it back if it is still wholly of that cluster. */
export async function releaseClaimed(
  api: MetalApi,
  { account, projectID }: Holdings,
  fix: Release,
  signal: AbortSignal,
): Promise<FixResult> {
  const found = await readAgain(api, projectID, fix, signal);
  const claimed = claimedIn({ account, projectID, networks: [], ips: [], machines: [], ...found }).find(
    ({ resource, id }) => resource === fix.resource && id === fix.id,
  );
  if (!claimed) return { outcome: 'gone' };
  if (!claimed.isWholly(fix.clusterID)) return { outcome: 'left', reason: 'it is not only of that cluster any more' };
  try {
    await free(api, claimed, signal);
    return { outcome: 'done' };
  } catch (error) {
    if (isMetalApiError(error, 'conflict')) return { outcome: 'left', reason: `it is in use: ${error.message}` };
    throw error;
  }
}

async function readAgain(
  api: MetalApi,
  projectid: string,
  { resource, id }: Release,
  signal: AbortSignal,
): Promise<Partial<Holdings>> {
  switch (resource) {
    case 'machine':
      // Not by a tag: any below that of the id claims a machine as well.
      return { machines: await api.findMachines({ allocation_project: projectid, tags: [] }, { signal }) };
    case 'ip':
      return { ips: await api.findIPs({ ipaddress: id, projectid }, { signal }) };
    default:
      return { networks: await api.findNetworks({ id, projectid }, { signal }) };
  }
}

function free(api: MetalApi, { resource, id }: Claimed, signal: AbortSignal): Promise<void> {
  switch (resource) {
    case 'machine':
      return api.freeMachine(id, { signal });
    case 'ip':
      return api.freeIP(id, { signal });
    case 'network':
      return api.freeNetwork(id, { signal });
  }
}
