import { describe, expect, test } from 'vitest';
import { controlPlaneNamespace } from './namespace.ts';
import type { Seed } from './resources.ts';
import type { ShootObject } from './shoot.ts';

const shoot: ShootObject = {
  metadata: { name: 'apple', namespace: 'garden-fruit', uid: 'u1', managedFields: [{}] },
  spec: { provider: { type: 'metal' }, region: 'fra', networking: { type: 'calico' } },
  status: { uid: 'u1' },
};
const seed: Seed = { metadata: { name: 's', managedFields: [{}] }, spec: { provider: { type: 'gcp', region: 'eu' } } };

describe('control-plane namespace', () => {
  const labels = (given = shoot, seedObject = seed) => controlPlaneNamespace('ns', given, seedObject).metadata.labels;

  test('has the labels that webhooks select on', () => {
    expect(labels()).toEqual({
      'gardener.cloud/role': 'shoot',
      'seed.gardener.cloud/provider': 'gcp',
      'shoot.gardener.cloud/provider': 'metal',
      'networking.shoot.gardener.cloud/provider': 'calico',
      'backup.gardener.cloud/provider': 'gcp',
      'pod-security.kubernetes.io/enforce': 'privileged',
      'high-availability-config.resources.gardener.cloud/consider': 'true',
    });
  });

  test('has one label for each extension that is not disabled', () => {
    const extensions = [{ type: 'audit' }, { type: 'acl', disabled: true }];
    const all = labels({ ...shoot, spec: { ...shoot.spec, extensions } });
    expect(all).toMatchObject({ 'extensions.gardener.cloud/audit': 'true' });
    expect(all).not.toHaveProperty(['extensions.gardener.cloud/acl']);
  });

  test('keeps what others wrote, without extensions that are gone', () => {
    const existing = {
      metadata: {
        name: 'ns',
        labels: { other: 'x', 'extensions.gardener.cloud/old': 'true' },
        annotations: { note: 'y' },
      },
    };
    const { metadata } = controlPlaneNamespace('ns', shoot, seed, existing);
    expect(metadata.labels).toMatchObject({ other: 'x' });
    expect(metadata.labels).not.toHaveProperty(['extensions.gardener.cloud/old']);
    expect(metadata.annotations).toEqual({
      note: 'y',
      'shoot.gardener.cloud/uid': 'u1',
      'high-availability-config.resources.gardener.cloud/failure-tolerance-type': '',
    });
  });

  test('stays in the zone that was chosen first', () => {
    const zoned = { ...seed, spec: { provider: { ...seed.spec.provider, zones: ['a', 'b'] } } };
    const key = 'high-availability-config.resources.gardener.cloud/zones';
    const first = controlPlaneNamespace('ns', shoot, zoned);
    expect(first.metadata.annotations?.[key]).toBe('a');
    const moved = { ...seed, spec: { provider: { ...seed.spec.provider, zones: ['b'] } } };
    expect(controlPlaneNamespace('ns', shoot, moved, first).metadata.annotations?.[key]).toBe('a');
  });
});
