import {
  type Firewall,
  type FirewallDeployment,
  firewallDeployments,
  firewalls,
} from '../../../apis/firewall/firewall.ts';
import { listIfServed } from '../../../kube/list-if-served.ts';
import { namespaces } from '../../../kube/namespace.ts';
import type { KubeObject } from '../../../kube/object.ts';
import type { Resource } from '../../../kube/resource.ts';
import type { SeenSeed } from '../../doctor.ts';
import { tryTo } from '../../try-to.ts';
import { webhookConfigurations } from '../infrastructure/webhook-configurations.ts';
import type { Reader } from './reader.ts';

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
  return tryTo(reader, `${resource.kind}s of seed ${name}`, () => listIfServed(kube, resource, reader.signal));
}
