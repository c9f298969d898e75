import { describe, expect, it } from 'vitest';
import { cluster } from '../../apis/extensions/cluster.ts';
import type { Worker, WorkerPool } from '../../apis/extensions/worker.ts';
import type { Operation } from '../../providers/provider.ts';
import type { WorkerDriver } from '../../providers/worker.ts';
import { pool } from './fixtures.ts';
import { summaryOf, wantedDeployments } from './wanted.ts';

function wanted(change: Partial<WorkerPool>, hash: WorkerDriver['hash'] = () => '11111', technicalID = 'shoot--p--s') {
  const shoot = { metadata: { name: 's' }, spec: {}, status: { technicalID } };
  const operation = {
    object: { metadata: { name: 'worker', namespace: 'ns' } },
    cluster: cluster.parse({ metadata: { name: 'ns' }, spec: { shoot } }),
  } as Operation<Worker>;
  const own = { ...pool, ...change };
  const plan = {
    pools: [
      {
        pool: own,
        zones: own.zones ?? [],
        hashData: { rolling: [], inPlace: [] },
        content: (zone: string | undefined) => ({ provider: 'test', providerSpec: { zone }, secretData: {} }),
        nodeLabels: (zone: string | undefined) => ({ zone: zone ?? 'none' }),
      },
    ],
    providerStatus: {},
  };
  return wantedDeployments(operation, plan, hash, ['existing']);
}

describe('wantedDeployments', () => {
  it('is one without zones', () => {
    expect(wanted({})).toMatchObject([
      {
        name: 'shoot--p--s-pool',
        className: 'shoot--p--s-pool-11111',
        minimum: 2,
        maximum: 4,
        nodeLabels: { zone: 'none' },
      },
    ]);
  });

  it('is one for each zone, which share what the pool has', () => {
    const all = wanted({
      zones: ['b', 'a'],
      minimum: 3,
      maximum: 5,
      maxSurge: '50%',
      maxUnavailable: 1,
      priority: 3,
      machineControllerManager: { autoPreserveFailedMachineMax: 1 },
    });
    expect(all).toMatchObject([
      { name: 'shoot--p--s-pool-z1', minimum: 2, maximum: 3, maxSurge: '60%', maxUnavailable: 1, preserveFailedMax: 1 },
      { name: 'shoot--p--s-pool-z2', minimum: 1, maximum: 2, maxSurge: '40%', maxUnavailable: 0, preserveFailedMax: 0 },
    ]);
    expect(all.map(({ content }) => content.providerSpec)).toEqual([{ zone: 'b' }, { zone: 'a' }]);
    expect(summaryOf(all)).toEqual([
      { name: 'shoot--p--s-pool-z1', minimum: 2, maximum: 3, priority: 3, autoPreserveFailedMachineMax: 1 },
      { name: 'shoot--p--s-pool-z2', minimum: 1, maximum: 2, priority: 3, autoPreserveFailedMachineMax: 0 },
    ]);
  });

  it('leaves the last word on the hash to the provider', () => {
    const [one] = wanted({}, (_, deployment, { name }, computed, existing) =>
      [deployment, name, computed.length, ...existing].join('|'),
    );
    expect(one?.className).toBe('shoot--p--s-pool-shoot--p--s-pool|pool|5|existing');
  });

  it('is named by the namespace as long as the Shoot has no technical ID', () => {
    expect(wanted({}, undefined, '')[0]?.name).toBe('ns-pool');
  });
});
