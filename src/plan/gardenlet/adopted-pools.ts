import { isDeepStrictEqual } from 'node:util';
import type { Worker, WorkerPool } from '../../apis/extensions/worker.ts';

/**
 * The Worker with the names that gardenlet has given to what it makes for nodes, for every pool of which nothing has
 * changed that makes new nodes necessary (gardener-contract 2.2): they are hashes of more than is known here.
 */
export function withKnownNames(worker: Worker, existing: Worker | undefined): Worker {
  const pools = (worker.spec.pools ?? []).map((pool) => {
    const before = existing?.spec.pools?.find(({ name }) => name === pool.name);
    return before && isSameNode(pool, before) ? adopt(pool, before) : pool;
  });
  return { ...worker, spec: { ...worker.spec, pools } };
}

function isSameNode(pool: WorkerPool, before: WorkerPool): boolean {
  const facts = ({ machineType, machineImage, volume, labels, kubernetesVersion = '' }: WorkerPool) => ({
    ...{ machineType, machineImage, volume },
    cri: labels?.['worker.gardener.cloud/cri-name'],
    version: kubernetesVersion.split('.').slice(0, 2),
  });
  return isDeepStrictEqual(facts(pool), facts(before));
}

/** What only gardenlet knows stays: names, labels of Gardener's, and fields that are not made here. */
function adopt(pool: WorkerPool, before: WorkerPool): WorkerPool {
  const { nodeAgentSecretName, userDataSecretRef } = before;
  const known = Object.entries(before.labels ?? {}).filter(([key]) => key.includes('gardener.cloud/'));
  return {
    ...before,
    ...pool,
    ...(nodeAgentSecretName ? { nodeAgentSecretName } : {}),
    ...(userDataSecretRef ? { userDataSecretRef } : {}),
    labels: { ...pool.labels, ...Object.fromEntries(known) },
  };
}
