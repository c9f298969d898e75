import { expect, test } from 'vitest';
import type { Worker, WorkerPool } from '../../apis/extensions/worker.ts';
import { withKnownNames } from './adopted-pools.ts';

const label = 'worker.gardener.cloud/gardener-node-agent-secret-name';
const pool = (change: Partial<WorkerPool> = {}): WorkerPool => ({
  name: 'w',
  minimum: 1,
  maximum: 1,
  machineType: 'c1',
  machineImage: { name: 'ubuntu', version: '24.4' },
  kubernetesVersion: '1.35.4',
  nodeAgentSecretName: 'computed-here',
  userDataSecretRef: { name: 'osc-here', key: 'cloud_config' },
  labels: { [label]: 'computed-here', mine: 'new' },
  ...change,
});
const worker = (...pools: WorkerPool[]): Worker => ({
  metadata: { name: 's' },
  spec: { type: 'metal', region: 'fra', secretRef: { name: 'x' }, pools },
});
const live = pool({
  nodeAgentSecretName: 'gardenlet-knows',
  userDataSecretRef: { name: 'osc-live', key: 'cloud_config' },
  kubeletDataVolumeName: 'only gardenlet writes this',
  labels: { [label]: 'gardenlet-knows', mine: 'old', gone: 'x' },
});
const adopted = (change: Partial<WorkerPool>, existing: Worker | undefined = worker(live)) =>
  withKnownNames(worker(pool(change)), existing).spec.pools?.[0];

test('a pool whose nodes stay keeps the names that gardenlet has given, and its owner’s changes', () => {
  expect(adopted({ maximum: 5, kubernetesVersion: '1.35.5' })).toEqual({
    ...live,
    maximum: 5,
    kubernetesVersion: '1.35.5',
    labels: { [label]: 'gardenlet-knows', mine: 'new' },
  });
});

test.each([
  ['machine type', { machineType: 'c2' }],
  ['machine image', { machineImage: { name: 'ubuntu', version: '24.5' } }],
  ['Kubernetes minor version', { kubernetesVersion: '1.36.0' }],
  ['volume', { volume: { size: '50Gi' } }],
  ['name', { name: 'other' }],
])('another %s needs new nodes', (_, change) => {
  expect(adopted(change)).toEqual(pool(change));
});

test('nothing is known of a Worker that is new', () => {
  expect(withKnownNames(worker(pool()), undefined)).toEqual(worker(pool()));
});
