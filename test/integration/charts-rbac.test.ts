import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { accessOf, allows, permissionsIn, textOf } from './charts/permissions.ts';
import { seldom } from './charts/seldom.ts';
import { type Installed, type Stage, startStage } from './charts/stage.ts';
import { orderShoot } from './whole-life/shoot.ts';

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

test('a Shoot is made and deleted with no more than the charts grant', async () => {
  const shoot = await orderShoot(stage.garden, 'rights');
  await shoot.ready();
  const { provider } = (await shoot.read()).spec;
  const [pool] = provider.workers ?? [];
  if (!pool) throw new Error('the example has no pool');
  const workersAre = (...workers: object[]) => shoot.change({ spec: { provider: { workers } } });
  await workersAre(pool, { ...pool, name: 'more', minimum: 1, maximum: 1 });
  await workersAre({ ...pool, machine: { ...pool.machine, image: { name: 'ubuntu', version: '24.4.20251104' } } });
  for (const enabled of [true, false]) await shoot.change({ spec: { hibernation: { enabled } } });
  await shoot.delete();
  await shoot.gone();
}, 180_000);

test('another one is deleted by force', async () => {
  const shoot = await orderShoot(stage.garden, 'force');
  await shoot.ready();
  await shoot.forceDelete();
  await shoot.gone();
}, 180_000);

describe.each(['controllers', 'admission'] as const)('%s', (chart) => {
  test('asks for nothing that it may not do', () => {
    const { proxy } = stage[chart];
    expect(proxy.accesses.length).toBeGreaterThan(0);
    expect(new Set(proxy.refusals)).toEqual(new Set());
  });

  test('has no right that it does not use, but for what happens seldom', () => {
    expect(unused(stage[chart]).filter((right) => !(right in seldom[chart]))).toEqual([]);
  });

  test('has all rights that are said to be used seldom', () => {
    const granted = permissionsIn(stage[chart].objects).map(textOf);
    expect(Object.keys(seldom[chart]).filter((right) => !granted.includes(right))).toEqual([]);
  });
});

function unused({ objects, proxy }: Installed): string[] {
  return permissionsIn(objects)
    .filter((permission) => !proxy.accesses.some((access) => allows(permission, access)))
    .map(textOf);
}
