import { PARTITION, PROJECT } from '../../landscape/metal-api/fixture.ts';
import { clusters, infrastructures } from '../../src/apis/extensions/resources.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { createMetalApiRegistry } from '../../src/providers/metal/metal-api/registry.ts';
import type { Seed } from '../scene/seed.ts';
import { secrets, type TestShoot } from '../scene/shoot.ts';
import { inParallel, timed } from './pool.ts';

const group = 'cluster.metal-stack.io/id';

/**
 * The calls that one create cannot do without, from this process and without any controller: no watch, no queue, no
 * decision, as many at once as the controller has workers. Leaves the objects as a controller would.
 */
export async function measureFloor(seed: Seed, shoots: readonly TestShoot[], workers: number): Promise<number> {
  const registry = createMetalApiRegistry({ clock: systemClock });
  const api = registry.client(seed.metalApi.url, { hmac: 'metal-admin' });
  const { client } = seed;
  const seconds = await timed(() =>
    inParallel(shoots, workers, async ({ namespace, key, uid }) => {
      await client.get(clusters, { name: namespace });
      await client.mergePatch(infrastructures, key, {
        metadata: {
          annotations: { 'gardener.cloud/operation': null },
          finalizers: ['extensions.gardener.cloud/infrastructure'],
        },
      });
      await client.get(secrets, { namespace, name: 'cloudprovider' });
      const labels = { [group]: uid };
      await Promise.all([
        api.findNetworks({ projectid: PROJECT, partitionid: PARTITION, labels }),
        api.findIPs({ projectid: PROJECT, tags: [`${group}/egress=${uid}`], type: 'static' }),
      ]);
      const network = await api.allocateNetwork({ projectid: PROJECT, partitionid: PARTITION, name: key.name, labels });
      const status = {
        nodesCIDR: network.prefixes[0],
        observedGeneration: 1,
        lastOperation: {
          type: 'Create',
          state: 'Succeeded',
          progress: 100,
          description: 'Successfully created infrastructure',
          lastUpdateTime: new Date().toISOString(),
        },
      };
      await client.mergePatch(infrastructures, key, { status }, { subresource: 'status' });
    }),
  );
  await registry.close();
  return seconds;
}
