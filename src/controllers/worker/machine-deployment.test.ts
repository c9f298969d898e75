import { describe, expect, it } from 'vitest';
import type { MachineDeployment } from '../../apis/machine/machine.ts';
import { pool, wantedDeployment } from './fixtures.ts';
import { machineDeploymentPatch, newMachineDeployment } from './machine-deployment.ts';
import type { WantedDeployment } from './wanted.ts';

const full = wantedDeployment({
  nodeLabels: { zone: 'z' },
  preserveFailedMax: 1,
  pool: {
    ...pool,
    annotations: { note: 'n' },
    taints: [{ key: 'k', effect: 'NoSchedule' }],
    clusterAutoscaler: { maxNodeProvisionTime: '20m' },
    machineControllerManager: {
      machineDrainTimeout: '1h',
      machineHealthTimeout: '10m',
      machineCreationTimeout: '20m0s',
      inPlaceUpdateTimeout: '30m',
      machinePreserveTimeout: '72h',
      disableHealthTimeout: false,
      maxEvictRetries: 30,
      nodeConditions: ['A', 'B'],
    },
  },
});

describe('newMachineDeployment', () => {
  it('has all that a pool says', () => {
    expect(newMachineDeployment('ns', full, 'worker', 3)).toEqual({
      metadata: {
        namespace: 'ns',
        name: 'd',
        labels: { 'worker.gardener.cloud/pool': 'pool' },
        annotations: { 'autoscaler.gardener.cloud/max-node-provision-time': '20m0s' },
      },
      spec: {
        replicas: 3,
        minReadySeconds: 500,
        revisionHistoryLimit: 0,
        autoPreserveFailedMachineMax: 1,
        selector: { matchLabels: { name: 'd' } },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: {
          metadata: { labels: { name: 'd' } },
          spec: {
            class: { kind: 'MachineClass', name: 'd-11111' },
            nodeTemplate: {
              metadata: { annotations: { note: 'n' }, labels: { a: 'b', zone: 'z' } },
              spec: { taints: [{ key: 'k', effect: 'NoSchedule' }] },
            },
            drainTimeout: '1h0m0s',
            healthTimeout: '10m0s',
            creationTimeout: '20m0s',
            inPlaceUpdateTimeout: '30m0s',
            machinePreserveTimeout: '72h0m0s',
            disableHealthTimeout: false,
            maxEvictRetries: 30,
            nodeConditions: 'A,B',
          },
        },
      },
    });
  });

  it.each([
    ['AutoInPlaceUpdate', 'Auto'],
    ['ManualInPlaceUpdate', 'Manual'],
  ] as const)('updates in place: %s', (updateStrategy, orchestrationType) => {
    const { spec } = newMachineDeployment('ns', wantedDeployment({ pool: { ...pool, updateStrategy } }), 'worker', 1);
    expect(spec.strategy).toEqual({
      type: 'InPlaceUpdate',
      inPlaceUpdate: { maxSurge: 1, maxUnavailable: 0, orchestrationType },
    });
    expect(spec.template.metadata?.labels).toEqual({ name: 'd', 'worker.gardener.cloud/name': 'worker' });
  });
});

describe('machineDeploymentPatch', () => {
  /** What others make of it: machine-controller-manager writes the whole object as Go does. */
  function written(wanted: WantedDeployment, replicas = 2): MachineDeployment {
    const made = newMachineDeployment('ns', wanted, 'worker', replicas);
    return {
      ...made,
      metadata: {
        ...made.metadata,
        labels: { ...made.metadata.labels, freeze: 'True' },
        annotations: { ...made.metadata.annotations, 'deployment.kubernetes.io/revision': '1' },
      },
      spec: {
        ...made.spec,
        template: {
          metadata: {
            ...made.spec.template.metadata,
            ...({ creationTimestamp: null } as object),
            annotations: { 'kubectl.kubernetes.io/restartedAt': 'then' },
          },
          spec: made.spec.template.spec,
        },
      },
    };
  }
  const patch = (live: MachineDeployment, wanted: WantedDeployment, replicas = 2) =>
    machineDeploymentPatch(live, wanted, 'worker', replicas);

  it('is none when nothing has changed, whatever others have written', () => {
    expect(patch(written(full), full)).toBeUndefined();
    expect(patch(written(wantedDeployment()), wantedDeployment())).toBeUndefined();
  });

  const cases: [string, WantedDeployment, WantedDeployment, number, unknown][] = [
    ['replicas', full, full, 4, { spec: { replicas: 4 } }],
    [
      'a new class only',
      full,
      { ...full, className: 'd-22222' },
      2,
      { spec: { template: { spec: { class: { name: 'd-22222' } } } } },
    ],
    [
      'a label less and an option less',
      full,
      { ...full, nodeLabels: {}, pool: { ...full.pool, clusterAutoscaler: {} }, preserveFailedMax: undefined },
      2,
      {
        metadata: { annotations: { 'autoscaler.gardener.cloud/max-node-provision-time': null } },
        spec: {
          autoPreserveFailedMachineMax: null,
          template: { spec: { nodeTemplate: { metadata: { labels: { zone: null } } } } },
        },
      },
    ],
    [
      'another strategy',
      wantedDeployment(),
      wantedDeployment({ pool: { ...pool, updateStrategy: 'AutoInPlaceUpdate' } }),
      2,
      {
        spec: {
          strategy: {
            type: 'InPlaceUpdate',
            rollingUpdate: null,
            inPlaceUpdate: { maxSurge: 1, maxUnavailable: 0, orchestrationType: 'Auto' },
          },
          template: { metadata: { labels: { 'worker.gardener.cloud/name': 'worker' } } },
        },
      },
    ],
  ];
  it.each(cases)('sends what differs: %s', (_, before, after, replicas, expected) =>
    expect(patch(written(before), after, replicas)).toEqual(expected),
  );

  it('gives the label of the pool a value where the former extension wrote none', () => {
    const live = written(full);
    live.metadata.labels = { 'worker.gardener.cloud/pool': '' };
    expect(patch(live, full)).toEqual({ metadata: { labels: { 'worker.gardener.cloud/pool': 'pool' } } });
  });
});
