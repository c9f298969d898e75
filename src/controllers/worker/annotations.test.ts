import { expect, it } from 'vitest';
import { autoscalerAnnotations } from './annotations.ts';
import { canonicalDuration } from './go-duration.ts';

it('tells all settings of the autoscaler, and takes back those that are not set', () => {
  expect(
    autoscalerAnnotations({
      scaleDownUtilizationThreshold: '0.5',
      scaleDownUnneededTime: '30m',
      maxNodeProvisionTime: '',
    }),
  ).toEqual({
    'autoscaler.gardener.cloud/scale-down-utilization-threshold': '0.5',
    'autoscaler.gardener.cloud/scale-down-gpu-utilization-threshold': null,
    'autoscaler.gardener.cloud/scale-down-unneeded-time': '30m0s',
    'autoscaler.gardener.cloud/scale-down-unready-time': null,
    'autoscaler.gardener.cloud/max-node-provision-time': null,
  });
  expect(Object.values(autoscalerAnnotations())).toEqual([null, null, null, null, null]);
});

it.each([
  ['1h', '1h0m0s'],
  ['90m', '1h30m0s'],
  ['10m0s', '10m0s'],
  ['90s', '1m30s'],
  ['1.5h', '1h30m0s'],
  ['1.5s', '1.5s'],
  ['500ms', '500ms'],
  ['0s', '0s'],
  ['26h', '26h0m0s'],
  ['soon', 'soon'],
])('duration %s', (text, expected) => expect(canonicalDuration(text)).toBe(expected));
