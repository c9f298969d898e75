import type { LabelSelector } from '../../../apis/machine/machine.ts';
import type { KubeObject } from '../../../kube/object.ts';
import { defineResource } from '../../../kube/resource.ts';

/** What is read of the objects of a cluster when one of its nodes is emptied. */

export interface Pod extends KubeObject {
  spec?: {
    nodeName?: string;
    priority?: number;
    terminationGracePeriodSeconds?: number;
    volumes?: readonly { persistentVolumeClaim?: { claimName: string } }[];
  };
  status?: { phase?: string };
}

export const pods = defineResource<Pod>({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true });

export interface PodDisruptionBudget extends KubeObject {
  spec?: {
    selector?: LabelSelector & {
      matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
    };
  };
  status?: {
    observedGeneration?: number;
    expectedPods?: number;
    currentHealthy?: number;
    disruptionsAllowed?: number;
  };
}

export const podDisruptionBudgets = defineResource<PodDisruptionBudget>({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  namespaced: true,
});

export const persistentVolumeClaims = defineResource<KubeObject & { spec?: { volumeName?: string } }>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  namespaced: true,
});

export const persistentVolumes = defineResource<KubeObject & { spec?: unknown }>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  namespaced: false,
});

export interface VolumeAttachment extends KubeObject {
  spec?: { nodeName?: string; source?: { persistentVolumeName?: string } };
  status?: { attached?: boolean };
}

export const volumeAttachments = defineResource<VolumeAttachment>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  namespaced: false,
});
