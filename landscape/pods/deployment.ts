import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';
import type { PodTemplate } from './pod-spec.ts';

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
}

/** Zero and absent are the same: the API server leaves zeros out. */
export interface WorkloadStatus {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly [count: string]: unknown;
}

export interface Deployment extends KubeObject {
  spec: {
    /** 1 when absent. */
    readonly replicas?: number;
    readonly selector: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template: PodTemplate;
    /** RollingUpdate when absent. */
    readonly strategy?: { readonly type?: string };
  };
  status?: WorkloadStatus;
}

export const deployments = defineResource<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
});

/** How many pods are wanted. */
export const replicasOf = ({ metadata, spec }: Deployment): number =>
  metadata.deletionTimestamp ? 0 : (spec.replicas ?? 1);
