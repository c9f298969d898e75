import { isIP } from 'node:net';
import { normalizeIp } from 'ip-bigint';
import type { Cluster } from '../../../apis/extensions/cluster.ts';
import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import { type InfrastructureConfig, infrastructureConfig } from '../../../apis/metal/infrastructure-config.ts';
import { OperationError } from '../../errors.ts';
import { decode } from '../decode.ts';
import { configurationProblem } from '../errors.ts';

/** Whose resources, and where. */
export interface Scope {
  /** UID of the Shoot. */
  readonly clusterID: string;
  readonly projectID: string;
  readonly partitionID: string;
}

/** An IP that a rule wants for egress, in its canonical spelling. */
export interface EgressIP {
  readonly address: string;
  readonly networkID: string;
}

const WHAT = 'the provider config of the Infrastructure';

function clusterIDOf(cluster: Cluster): string {
  const { uid, name } = cluster.spec.shoot.metadata;
  if (uid) return uid;
  throw new OperationError(
    `Shoot ${name} in the Cluster resource has no uid yet: it names all that belongs to the cluster`,
  );
}

export function configOf(infrastructure: Infrastructure): InfrastructureConfig {
  return decode(infrastructureConfig, infrastructure.spec.providerConfig, WHAT);
}

export function scopeOf(config: InfrastructureConfig, cluster: Cluster): Scope {
  const { projectID, partitionID } = config;
  const clusterID = clusterIDOf(cluster);
  if (projectID && partitionID) return { clusterID, projectID, partitionID };
  const missing = [...(projectID ? [] : ['projectID']), ...(partitionID ? [] : ['partitionID'])];
  throw configurationProblem(`${WHAT} is invalid: ${missing.join(' and ')} must be set`);
}

/** Every IP that an egress rule names, once for each network; throws one error that lists all faults. */
export function egressIPsOf(config: InfrastructureConfig): EgressIP[] {
  const faults: string[] = [];
  const wanted = new Map<string, EgressIP>();
  for (const [index, rule] of (config.firewall?.egressRules ?? []).entries()) {
    const { networkID } = rule;
    if (!networkID) {
      faults.push(`firewall.egressRules.${index}.networkID must be set`);
      continue;
    }
    for (const text of rule.ips ?? []) {
      const address = canonicalIP(text);
      if (address) wanted.set(`${address} ${networkID}`, { address, networkID });
      else faults.push(`firewall.egressRules.${index}.ips: ${JSON.stringify(text)} is not an IP address`);
    }
  }
  if (faults.length > 0) throw configurationProblem(`${WHAT} is invalid: ${faults.join('; ')}`);
  return [...wanted.values()];
}

/** One spelling for each address, since IPv6 has many; undefined when it is none. */
export function canonicalIP(text: string): string | undefined {
  return isIP(text) && !text.includes('%') ? normalizeIp(text) : undefined;
}
