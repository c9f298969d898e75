import { describe, expect, test } from 'vitest';
import type { Deployment } from './deployment.ts';
import { deploymentStatus, statusPatch } from './status.ts';

const earlier = '2026-01-02T03:04:05Z';
const now = '2026-01-02T03:05:00Z';

const deployment = (replicas: number | undefined, status?: Deployment['status']): Deployment => ({
  metadata: { name: 'manager', namespace: 'shoot--a--b', generation: 3 },
  spec: { ...(replicas === undefined ? {} : { replicas }), selector: {}, template: { spec: { containers: [] } } },
  ...(status ? { status } : {}),
});

const reasons = (status: ReturnType<typeof deploymentStatus>) =>
  status.conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`);

describe('of a Deployment', () => {
  test.each([
    ['ready', 2, true, { readyReplicas: 2 }, 'Available=True MinimumReplicasAvailable'],
    [
      'one replica when nothing is said',
      undefined,
      true,
      { readyReplicas: 1 },
      'Available=True MinimumReplicasAvailable',
    ],
    ['not ready', 1, false, { readyReplicas: 0, unavailableReplicas: 1 }, 'Available=False MinimumReplicasUnavailable'],
    ['scaled to zero', 0, false, { replicas: 0 }, 'Available=True MinimumReplicasAvailable'],
  ])('%s', (_, replicas, isReady, counts, available) => {
    const status = deploymentStatus(deployment(replicas), { isReady }, now);
    expect(status).toMatchObject({ observedGeneration: 3, ...counts });
    expect(reasons(status)).toContain(available);
  });

  test('the roll-out ends when it is ready', () => {
    expect(reasons(deploymentStatus(deployment(1), { isReady: false }, now))).toContain(
      'Progressing=True ReplicaSetUpdated',
    );
    expect(reasons(deploymentStatus(deployment(1), { isReady: true }, now))).toContain(
      'Progressing=True NewReplicaSetAvailable',
    );
  });

  test('while the next template is not ready, pods of the one before serve', () => {
    const status = deploymentStatus(deployment(2), { isReady: false, isServed: true }, now);
    expect(status).toMatchObject({ replicas: 4, updatedReplicas: 2, availableReplicas: 2, unavailableReplicas: 2 });
    expect(reasons(status)).toEqual(['Available=True MinimumReplicasAvailable', 'Progressing=True ReplicaSetUpdated']);
  });

  test('nothing is written when nothing has changed', () => {
    const before = deploymentStatus(deployment(1), { isReady: true }, earlier);
    expect(statusPatch(before, deploymentStatus(deployment(1, before), { isReady: true }, now))).toBeUndefined();
  });

  test('the time of a transition is that of the status, not of its reason', () => {
    const before = deploymentStatus(deployment(1), { isReady: false }, earlier);
    const after = deploymentStatus(deployment(1, before), { isReady: true }, now);
    expect(after.conditions).toMatchObject([
      { type: 'Available', lastTransitionTime: now },
      { type: 'Progressing', lastTransitionTime: earlier, lastUpdateTime: now },
    ]);
  });
});

test.each([
  ['zero and absent are the same', { observedGeneration: 1 }, { observedGeneration: 1, replicas: 0 }, undefined],
  [
    'only what differs',
    { observedGeneration: 1, replicas: 1 },
    { observedGeneration: 2, replicas: 1 },
    { status: { observedGeneration: 2 } },
  ],
  ['back to zero', { readyReplicas: 1 }, { readyReplicas: 0 }, { status: { readyReplicas: 0 } }],
])('a patch: %s', (_, before, wanted, expected) => {
  expect(statusPatch(before, wanted)).toEqual(expected);
});
