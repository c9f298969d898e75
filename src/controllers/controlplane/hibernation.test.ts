import { describe, expect, test } from 'vitest';
import { type Shoot, shoot } from '../../apis/core/shoot.ts';
import { createMemoryApi } from '../../kube/memory/api.ts';
import { findHibernation, mayGoDown } from './hibernation.ts';

const signal = new AbortController().signal;

const shootOf = (hibernated: boolean | undefined, type = 'Reconcile', deletionTimestamp?: string): Shoot =>
  shoot.parse({
    metadata: { name: 's', deletionTimestamp },
    spec: { hibernation: { enabled: hibernated } },
    status: { lastOperation: { type } },
  });

test.each([
  ['awake', shootOf(false), false],
  ['says nothing', shootOf(undefined), false],
  ['to hibernate', shootOf(true), true],
  ['never operated on', { ...shootOf(true), status: undefined }, true],
  ['being deleted', shootOf(true, 'Delete', '2026-01-01T00:00:00Z'), false],
  ['being migrated', shootOf(true, 'Migrate'), false],
  ['being restored', shootOf(true, 'Restore'), true],
])('components may go down when the shoot is %s: %s', (_, object, expected) => {
  expect(mayGoDown(object)).toBe(expected);
});

describe('the API server decides', () => {
  const server = (replicas?: number) => ({ metadata: { name: 'kube-apiserver', namespace: 'n' }, spec: { replicas } });

  test.each([
    ['runs', [server(2)], 'goingDown'],
    ['is scaled to none', [server(0)], 'down'],
    ['does not exist', [], 'down'],
  ])('%s', async (_, objects, expected) => {
    const { client } = createMemoryApi(new Map(objects.map((object) => ['deployments/n/kube-apiserver', object])));
    expect(await findHibernation(client, 'n', shootOf(true), signal)).toBe(expected);
  });

  test('and is not asked when the shoot is awake', async () => {
    const { client, calls } = createMemoryApi();
    expect(await findHibernation(client, 'n', shootOf(false), signal)).toBe('none');
    expect(calls).toEqual([]);
  });
});
