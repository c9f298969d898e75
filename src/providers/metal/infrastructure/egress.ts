import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import type { Operation } from '../../provider.ts';
import { configurationProblem } from '../errors.ts';
import type { MetalApi } from '../metal-api/client.ts';
import type { Ip } from '../metal-api/types.ts';
import { egressTag } from '../tags.ts';
import { type Candidate, claim, releases, type TagWrite, unclaimed } from './egress-plan.ts';
import type { EgressIP, Scope } from './scope.ts';

/** The IPs that carry this cluster's egress tag. */
export async function findClaimed(api: MetalApi, scope: Scope, signal: AbortSignal): Promise<Ip[]> {
  const tag = egressTag(scope.clusterID);
  const found = await api.findIPs({ projectid: scope.projectID, type: 'static', tags: [tag] }, { signal });
  return found.filter((ip) => ip.tags.includes(tag));
}

/** Claims the egress IPs that the rules name and gives back the others. Nothing is written while any rule is at fault. */
export async function ensureEgressIPs(
  api: MetalApi,
  scope: Scope,
  { wanted, claimed }: { readonly wanted: readonly EgressIP[]; readonly claimed: readonly Ip[] },
  operation: Operation<Infrastructure>,
): Promise<void> {
  const { signal } = operation;
  const claims = checked(await candidates(api, scope, unclaimed(wanted, claimed), signal), scope.clusterID);
  for (const write of claims) {
    await update(api, write, signal);
    operation.event('Normal', 'EgressIPClaimed', `Claimed ${write.ip.ipaddress} for egress`);
  }
  for (const write of releases(wanted, claimed, scope.clusterID)) {
    await update(api, write, signal);
    operation.event('Normal', 'EgressIPReleased', `Released ${write.ip.ipaddress}, which no egress rule names`);
  }
}

async function candidates(
  api: MetalApi,
  scope: Scope,
  wanted: readonly EgressIP[],
  signal: AbortSignal,
): Promise<Candidate[]> {
  const result: Candidate[] = [];
  for (const ip of wanted) {
    const query = { ipaddress: ip.address, projectid: scope.projectID, networkid: ip.networkID };
    result.push({ wanted: ip, found: await api.findIPs(query, { signal }) });
  }
  return result;
}

function checked(candidates: readonly Candidate[], clusterID: string): TagWrite[] {
  const results = candidates.map((candidate) => claim(candidate, clusterID));
  const faults = results.filter((result) => typeof result === 'string');
  if (faults.length > 0) {
    throw configurationProblem(
      `${faults.join('; ')}. Correct firewall.egressRules in the shoot's infrastructureConfig`,
    );
  }
  return results.filter((result) => typeof result !== 'string');
}

async function update(api: MetalApi, { ip, tags }: TagWrite, signal: AbortSignal): Promise<Ip> {
  return api.updateIP({ ipaddress: ip.ipaddress, type: ip.type, tags }, { signal });
}
