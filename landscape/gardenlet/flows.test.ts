import { expect, test } from 'vitest';
import { controlPlanes } from '../../src/apis/extensions/resources.ts';
import { createMemoryApi } from '../../src/kube/memory/api.ts';
import type { Operation } from './context.ts';
import { deleteFlow } from './flows.ts';
import type { ShootApi } from './shoot-access.ts';

const once = [
  'Deploying access to the Shoot',
  'Deploying the API server of the Shoot',
  'Deploying the ControlPlane',
  'Waiting until the ControlPlane is ready',
  'Deploying machine-controller-manager',
];

async function stepsOfDeletion({ hasControlPlane }: { readonly hasControlPlane: boolean }): Promise<string[]> {
  const seed = createMemoryApi().client;
  const [namespace, name] = ['shoot--fruit--apple', 'apple'];
  if (hasControlPlane) {
    const spec = { type: 'metal', region: 'fra', secretRef: { name: 'cloudprovider', namespace } };
    await seed.create(controlPlanes, { metadata: { namespace, name }, spec });
  }
  const shoot = { metadata: { name }, spec: {} } as Operation['shoot'];
  const operation = { seed, namespace, shoot, shootApi: {} as ShootApi, signal: new AbortController().signal };
  return (await deleteFlow(operation as Operation)).map((step) => step.name);
}

test('a ControlPlane is brought up once more before it is deleted; one that an earlier attempt has deleted is not', async () => {
  const all = await stepsOfDeletion({ hasControlPlane: true });
  expect(all.slice(1, 1 + once.length)).toEqual(once);
  expect(await stepsOfDeletion({ hasControlPlane: false })).toEqual(all.filter((step) => !once.includes(step)));
});
