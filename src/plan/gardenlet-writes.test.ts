import { expect, test } from 'vitest';
import { infrastructures } from '../apis/extensions/resources.ts';
import { createFakeClock } from '../kube/fake-clock.ts';
import { createMemoryClient } from '../kube/memory/client.ts';
import { createMemoryStore } from '../kube/memory/store.ts';
import type { GardenShoot } from './gardenlet/garden-shoot.ts';
import { createGardenlet } from './gardenlet-writes.ts';

const namespace = 'shoot--p--s';
const key = { namespace, name: 's' };
const firewall = { networks: ['internet'] };

const shoot: GardenShoot = {
  metadata: { name: 's', namespace: 'garden-p' },
  spec: { region: 'fra', provider: { type: 'metal', infrastructureConfig: { firewall } } },
};

test('what is gone from a Shoot is gone from its Infrastructure, and the rest of that stays', async () => {
  const client = createMemoryClient({ store: createMemoryStore(createFakeClock()), writer: 'gardenlet' });
  const spec = { type: 'metal', region: 'fra', secretRef: { name: 'cloudprovider', namespace }, class: 'shoot' };
  const before = { firewall: { ...firewall, rateLimits: [{ networkID: 'internet', rate: 10 }] } };
  const labels = { mine: 'x' };
  await client.create(infrastructures, { metadata: { ...key, labels }, spec: { ...spec, providerConfig: before } });
  const environment = {
    ...{ shoot, namespace, credentials: undefined },
    seed: { metadata: { name: 'fra-1' } },
    profile: { metadata: { name: 'metal' }, spec: {} },
  };
  const gardenlet = createGardenlet(client, environment, () => undefined);
  await gardenlet.beforeInfrastructure();
  const after = await client.get(infrastructures, key);
  expect(after).toMatchObject({ metadata: { labels }, spec });
  expect(after.spec.providerConfig).toEqual({ firewall });
});
