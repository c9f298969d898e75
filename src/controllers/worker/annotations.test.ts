import { expect, it } from 'vitest';
import { autoscalerAnnotations } from './annotations.ts';

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
