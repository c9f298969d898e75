import { expect, test } from 'vitest';
import { defaultsOf } from './defaults.ts';

test('what admission has set is listed; what was given, and what Gardener has set elsewhere, is not', () => {
  const applied = {
    metadata: { name: 'a' },
    spec: {
      networking: { type: 'calico' },
      provider: { infrastructureConfig: { firewall: { networks: ['internet'] } } },
    },
  };
  const stored = {
    metadata: { name: 'a', uid: 'u' },
    spec: {
      kubernetes: { kubelet: { maxPods: 250, failSwapOn: true } },
      networking: { type: 'calico', typeOf: 'x', pods: '10.240.0.0/13', providerConfig: { typha: { enabled: false } } },
      provider: { infrastructureConfig: { firewall: { networks: ['internet'], image: 'i', ips: [] } } },
    },
  };
  expect(defaultsOf(applied, stored)).toEqual([
    { path: 'spec.kubernetes.kubelet.maxPods', value: 250 },
    { path: 'spec.networking.pods', value: '10.240.0.0/13' },
    { path: 'spec.networking.providerConfig.typha.enabled', value: false },
    { path: 'spec.provider.infrastructureConfig.firewall.image', value: 'i' },
    { path: 'spec.provider.infrastructureConfig.firewall.ips', value: [] },
  ]);
});

test.each([undefined, null, 'text', []])('%j has none', (stored) => {
  expect(defaultsOf({}, stored)).toEqual([]);
});
