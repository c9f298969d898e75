import type { MetalApi } from '../metal-api/client.ts';
import type { Machine } from '../metal-api/types.ts';
import { CLUSTER_ID } from '../tags.ts';
import { isWhollyOf } from '../worker/force-delete.ts';
import type { ProviderSpec } from './provider-spec.ts';

/** What a call works with. */
export interface Scene {
  readonly api: MetalApi;
  readonly spec: ProviderSpec;
  readonly signal: AbortSignal;
}

/** Workers of this cluster and of no other, `hostname` only when given. Firewalls have the cluster's tag, too. */
export async function findAll({ api, spec, signal }: Scene, hostname?: string): Promise<Machine[]> {
  const { clusterID, project, partition } = spec;
  const found = await api.findMachines(
    {
      allocation_project: project,
      tags: [`${CLUSTER_ID}=${clusterID}`],
      allocation_role: 'machine',
      ...(hostname === undefined ? {} : { allocation_hostname: hostname }),
    },
    { signal },
  );
  const scope = { projectID: project, partitionID: partition, clusterID };
  return found.filter((machine) => machine.allocation?.role === 'machine' && isWhollyOf(machine, scope));
}

/** The oldest first. */
export async function findByName(scene: Scene, name: string): Promise<Machine[]> {
  const ageOf = ({ allocation }: Machine) => Date.parse(allocation?.created ?? '') || 0;
  const found = await findAll(scene, name);
  return found
    .filter(({ allocation }) => allocation?.hostname === name)
    .sort((one, other) => ageOf(one) - ageOf(other) || (one.id < other.id ? -1 : 1));
}
