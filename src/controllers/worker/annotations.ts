import type { ClusterAutoscalerSettings } from '../../apis/extensions/worker.ts';
import { canonicalGoDuration } from '../../apis/go-duration.ts';

const prefix = 'autoscaler.gardener.cloud/';

/** What cluster-autoscaler reads of a pool's settings, on its MachineDeployments; null removes it (gardener-contract 2.6). */
export function autoscalerAnnotations(settings: ClusterAutoscalerSettings = {}): Record<string, string | null> {
  const duration = (value: string | undefined) => (value ? canonicalGoDuration(value) : null);
  return {
    [`${prefix}scale-down-utilization-threshold`]: settings.scaleDownUtilizationThreshold || null,
    [`${prefix}scale-down-gpu-utilization-threshold`]: settings.scaleDownGpuUtilizationThreshold || null,
    [`${prefix}scale-down-unneeded-time`]: duration(settings.scaleDownUnneededTime),
    [`${prefix}scale-down-unready-time`]: duration(settings.scaleDownUnreadyTime),
    [`${prefix}max-node-provision-time`]: duration(settings.maxNodeProvisionTime),
  };
}
