import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { bindingSubresource, shoots } from '../../landscape/gardenlet/resources.ts';
import { deployments } from '../../landscape/pods/deployment.ts';
import { leaveOver, release } from './charts/leftovers.ts';
import { accessOf, rightsOf, unusedRights } from './charts/permissions.ts';
import { rotateCertificates } from './charts/rotation.ts';
import { seldom } from './charts/seldom.ts';
import { type Stage, startStage } from './charts/stage.ts';
import { machineObjects } from './whole-life/look.ts';
import { orderShoot, type UserShoot } from './whole-life/shoot.ts';

test.each([
  ['GET', '/api/v1/namespaces/a/secrets/b', { verb: 'get', group: '', resource: 'secrets', namespace: 'a', name: 'b' }],
  ['GET', '/api/v1/namespaces/a', { verb: 'get', group: '', resource: 'namespaces', name: 'a' }],
  ['GET', '/apis/apps/v1/deployments?limit=5', { verb: 'list', group: 'apps', resource: 'deployments' }],
  [
    'GET',
    '/apis/apps/v1/deployments?watch=1&fieldSelector=metadata.name%3Da',
    { verb: 'watch', group: 'apps', resource: 'deployments', name: 'a' },
  ],
  [
    'PATCH',
    '/apis/a/v1/namespaces/n/workers/w/status',
    { verb: 'patch', group: 'a', resource: 'workers/status', namespace: 'n', name: 'w' },
  ],
  [
    'DELETE',
    '/api/v1/namespaces/a/pods?x=y',
    { verb: 'deletecollection', group: '', resource: 'pods', namespace: 'a' },
  ],
  ['GET', '/version', undefined],
])('%s %s', (method, url, expected) => {
  expect(accessOf(method, url)).toEqual(expected);
});

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(join(inject('landscapeDir'), 'charts'), inject('parts'));
}, 180_000);
afterAll(() => stage?.[Symbol.asyncDispose]());

test('a Shoot is made, changed and deleted with no more than the charts grant', async () => {
  const shoot = await orderShoot(stage.garden, 'rights');
  await shoot.ready();
  const { provider } = (await shoot.read()).spec;
  const [pool] = provider.workers ?? [];
  if (!pool) throw new Error('the example has no pool');
  const workersAre = (...workers: object[]) => shoot.change({ spec: { provider: { workers } } });
  await workersAre(pool, { ...pool, name: 'more', minimum: 1, maximum: 1 });
  await workersAre({ ...pool, machine: { ...pool.machine, image: { name: 'ubuntu', version: '24.4.20251104' } } });
  const firewall = { rateLimits: [{ networkID: 'internet', rateLimit: 50 }] };
  await shoot.change({ spec: { provider: { infrastructureConfig: { firewall } } } });
  for (const enabled of [true, false]) await shoot.change({ spec: { hibernation: { enabled } } });
  await leaveOver(stage.garden, shoot.namespace);
  await shoot.delete();
  await release(stage.garden, shoot.namespace, stage.controllers.proxy);
  await shoot.gone();
}, 180_000);

describe('while someone else is always faster, another one', () => {
  let shoot: UserShoot;

  test('moves to a second seed with its machines', async () => {
    stage.controllers.proxy.addRival();
    shoot = await orderShoot(stage.garden, 'moves');
    await shoot.ready();
    const machines = await machineObjects(stage.garden, shoot.namespace);
    stage.openSecondSeed();
    const patch = { spec: { seedName: 'second' } };
    await stage.garden.mergePatch(shoots, shoot.key, patch, { subresource: bindingSubresource });
    await shoot.ready();
    expect((await shoot.read()).status?.lastOperation?.type).toBe('Restore');
    expect(await machineObjects(stage.garden, shoot.namespace)).toEqual(machines);
  }, 120_000);

  test('is reviewed as before while certificates are rotated', async () => {
    const { garden } = stage;
    const processOf = (namespace: string, name: string) => ({ client: garden, calledFrom: garden, namespace, name });
    const manager = { namespace: shoot.namespace, name: 'machine-controller-manager' };
    const change = { metadata: { annotations: { reviewed: 'true' } } };
    await Promise.all([
      rotateCertificates(processOf('extension-provider-metal', 'gardener-extension-provider-metal'), async () => {
        await garden.mergePatch(deployments, manager, change, { dryRun: true });
      }),
      rotateCertificates(processOf('garden', 'gardener-extension-admission-metal'), async () => {
        await garden.mergePatch(shoots, shoot.key, change, { dryRun: true });
      }),
    ]);
  }, 120_000);

  test('is deleted by force', async () => {
    await shoot.forceDelete();
    await shoot.gone();
  }, 120_000);
});

describe.each(['controllers', 'admission'] as const)('%s', (chart) => {
  test('asks for nothing that it may not do', () => {
    const { proxy } = stage[chart];
    expect(proxy.accesses.length).toBeGreaterThan(0);
    expect(new Set(proxy.refusals)).toEqual(new Set());
  });

  test('has no right that it does not use, but for what happens seldom', () => {
    const { objects, proxy } = stage[chart];
    expect(unusedRights(objects, proxy.accesses).filter((right) => !(right in seldom[chart]))).toEqual([]);
  });

  test('has all rights that are said to be used seldom', () => {
    const granted = rightsOf(stage[chart].objects);
    expect(Object.keys(seldom[chart]).filter((right) => !granted.includes(right))).toEqual([]);
  });
});
