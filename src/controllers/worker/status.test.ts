import { describe, expect, it } from 'vitest';
import { cluster } from '../../apis/extensions/cluster.ts';
import type { UpdateStrategy, Worker, WorkerObjectStatus } from '../../apis/extensions/worker.ts';
import type { Operation } from '../../providers/provider.ts';
import { liveDeployment, pool, wantedDeployment } from './fixtures.ts';
import { inPlaceUpdates, noteOf } from './status.ts';

const worker = (status: WorkerObjectStatus, updateStrategy: UpdateStrategy = 'AutoRollingUpdate'): Worker => ({
  metadata: { name: 'worker', namespace: 'ns' },
  spec: {
    type: 'test',
    region: 'fra',
    secretRef: { name: 'c' },
    pools: [{ ...pool, updateStrategy, kubernetesVersion: '1.33.1' }],
  },
  status,
});

describe('noteOf', () => {
  it.each([
    ['the first', undefined, '2026-01-02T03:04:05Z'],
    ['later', '2026-01-02T03:00:00Z', '2026-01-02T03:04:05Z'],
    ['in the same second', '2026-01-02T03:04:05Z', '2026-01-02T03:04:06Z'],
    ['with a clock that has gone back', '2026-01-02T03:10:00Z', '2026-01-02T03:10:01Z'],
  ])('moves the time forward: %s', (_, before, expected) => {
    const status = before === undefined ? {} : { machineDeploymentsLastUpdateTime: before };
    expect(noteOf(worker(status), [wantedDeployment()], Date.parse('2026-01-02T03:04:05.9Z'))).toEqual({
      machineDeployments: [{ name: 'd', minimum: 2, maximum: 4 }],
      machineDeploymentsLastUpdateTime: expected,
    });
  });
});

describe('inPlaceUpdates', () => {
  const shoot = { metadata: { name: 's' }, spec: {} };
  const noted = (strategy: UpdateStrategy, before?: Record<string, string>, updatedReplicas = 2) => {
    const status = before ? { inPlaceUpdates: { workerPoolToHashMap: before } } : {};
    const operation = {
      object: worker(status, strategy),
      cluster: cluster.parse({ metadata: { name: 'ns' }, spec: { shoot } }),
    } as Operation<Worker>;
    const deployments = [liveDeployment({ updatedReplicas })];
    return inPlaceUpdates(operation, [wantedDeployment()], { deployments }).inPlaceUpdates?.workerPoolToHashMap;
  };
  const hash = expect.stringMatching(/^[0-9a-f]{16}$/);

  it.each<[string, UpdateStrategy, Record<string, string> | undefined, number, unknown]>([
    ['rolling', 'AutoRollingUpdate', undefined, 2, undefined],
    ['automatic', 'AutoInPlaceUpdate', undefined, 0, { pool: hash }],
    ['by hand, finished', 'ManualInPlaceUpdate', { pool: 'old' }, 2, { pool: hash }],
    ['by hand, unfinished', 'ManualInPlaceUpdate', { pool: 'old' }, 1, { pool: 'old' }],
    ['by hand, for the first time', 'ManualInPlaceUpdate', undefined, 1, undefined],
    ['a pool that is gone', 'AutoInPlaceUpdate', { gone: 'old' }, 2, { pool: hash, gone: null }],
    ['rolling again', 'AutoRollingUpdate', { pool: 'old' }, 2, { pool: null }],
  ])('%s', (_, strategy, before, updated, expected) => expect(noted(strategy, before, updated)).toEqual(expected));
});
