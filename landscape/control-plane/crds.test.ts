import { expect, test } from 'vitest';
import { groupVersions, readSeedCrds } from './crds.ts';

test('the pinned modules have the definitions that the seed needs', async () => {
  const crds = await readSeedCrds();
  const count = (group: string) => crds.filter(({ spec }) => spec.group === group).length;
  expect(count('extensions.gardener.cloud')).toBe(13);
  expect(count('resources.gardener.cloud')).toBe(1);
  expect(count('machine.sapcloud.io')).toBe(4);
  expect(count('firewall.metal-stack.io')).toBe(4);
  expect(groupVersions(crds).sort()).toEqual([
    'autoscaling.k8s.io/v1',
    'extensions.gardener.cloud/v1alpha1',
    'firewall.metal-stack.io/v2',
    'fluentbit.fluent.io/v1alpha2',
    'machine.sapcloud.io/v1alpha1',
    'monitoring.coreos.com/v1',
    'resources.gardener.cloud/v1alpha1',
  ]);
});
