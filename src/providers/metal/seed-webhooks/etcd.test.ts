import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../kube/object.ts';
import { mutated } from './fixtures.ts';
import { createMetalSeedMutations } from './mutations.ts';

const config = {
  etcd: {
    storage: { className: 'fast', capacity: '25Gi' },
    backup: { schedule: '0 */8 * * *', deltaSnapshotPeriod: '90m' },
    isEvictionAllowed: true,
  },
};
const object = (name: string, spec: object = {}): KubeObject => ({ metadata: { name }, spec }) as KubeObject;
const given = { storageCapacity: '10Gi', backup: { fullSnapshotSchedule: '0 0 * * *', port: 8080 } };

function etcd(name: string, options: object, old?: KubeObject): unknown {
  return mutated(createMetalSeedMutations(options).seedProvider, 'Etcd', object(name, given), { namespace: 'n' }, old);
}

describe('etcd', () => {
  test.each(['etcd-main', 'virtual-garden-etcd-main'])('%s as the operator wants it', (name) => {
    expect(etcd(name, { config })).toEqual({
      metadata: { name, annotations: { 'druid.gardener.cloud/disable-etcd-component-protection': 'true' } },
      spec: {
        storageCapacity: '25Gi',
        storageClass: 'fast',
        annotations: { 'metal-stack.io/csi-driver-lvm.is-eviction-allowed': 'true' },
        backup: { fullSnapshotSchedule: '0 */8 * * *', deltaSnapshotPeriod: '1h30m0s', port: 8080 },
      },
    });
  });

  test.each(['etcd-main', 'etcd-events'])('%s without a wish is of 16Gi', (name) => {
    expect(etcd(name, {})).toEqual({ metadata: { name }, spec: { ...given, storageCapacity: '16Gi' } });
  });

  test('for events has the storage of metal and no backup', () => {
    expect(etcd('etcd-events', { config })).toMatchObject({ spec: { storageCapacity: '16Gi', backup: given.backup } });
    expect(etcd('etcd-events', { config })).not.toHaveProperty('spec.storageClass');
  });

  test.each(['etcd-main', 'etcd-events'])('%s keeps the storage that it was created with', (name) => {
    const old = object(name, { storageCapacity: '12Gi', storageClass: 'slow' });
    expect(etcd(name, { config }, old)).toMatchObject({ spec: { storageCapacity: '12Gi', storageClass: 'slow' } });
    expect(etcd(name, { config }, object(name, { storageCapacity: '12Gi' }))).not.toHaveProperty('spec.storageClass');
  });

  test('others are not touched', () => {
    expect(etcd('etcd-other', { config })).toEqual(object('etcd-other', given));
  });

  test.each(['soon', '5', '-5m', '10ms', ''])('a period of %j', (deltaSnapshotPeriod) => {
    const make = () => createMetalSeedMutations({ config: { etcd: { backup: { deltaSnapshotPeriod } } } });
    if (deltaSnapshotPeriod) expect(make).toThrow('is not a duration');
    else expect(make).not.toThrow();
  });
});
