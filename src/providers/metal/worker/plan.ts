import type { PoolPlan, WorkerPlan } from '../../worker.ts';
import type { Facts } from './facts.ts';
import { machineClassOf } from './machine-class.ts';
import { machineImageFinder, workerStatusOf } from './machine-images.ts';

/** One MachineDeployment for each pool: a cluster lives in one partition, so pools have no zones. */
export function workerPlan(facts: Facts): WorkerPlan {
  const { worker, config } = facts;
  const imageOf = machineImageFinder(worker, config);
  const pools = (worker.spec.pools ?? []).map((pool): PoolPlan => {
    const content = machineClassOf(facts, pool, imageOf(pool.machineImage));
    // Nothing of ours: firewalls, networks, name servers and credentials never roll nodes (metal-provider 3.4).
    return { pool, zones: [], hashData: { rolling: [], inPlace: [] }, content: () => content };
  });
  return { pools, providerStatus: workerStatusOf(worker, imageOf) };
}
