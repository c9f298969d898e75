import type { IntOrString } from '../object.ts';
import type { DefaultSpec, DefaultStatus, ExtensionObject, SecretReference } from './extension.ts';

/** extensions.gardener.cloud/v1alpha1 Worker (gardener-contract 1.4). */
export interface Worker extends ExtensionObject {
  spec: DefaultSpec & {
    region: string;
    secretRef: SecretReference;
    /** Base64 of the public key. */
    sshPublicKey?: string;
    /** status.providerStatus of the Infrastructure. */
    infrastructureProviderStatus?: unknown;
    pools?: readonly WorkerPool[];
  };
  status?: WorkerObjectStatus;
}

export interface WorkerObjectStatus extends DefaultStatus {
  /** For cluster-autoscaler. */
  machineDeployments?: readonly MachineDeploymentSummary[];
  /** RFC 3339; moves forward with every reconcile, before machines are waited for (gardener-contract 2.8). */
  machineDeploymentsLastUpdateTime?: string;
  inPlaceUpdates?: { workerPoolToHashMap?: Readonly<Record<string, string>> };
}

export interface MachineDeploymentSummary {
  name: string;
  minimum: number;
  maximum: number;
  priority?: number;
  autoPreserveFailedMachineMax?: number;
}

export type UpdateStrategy = 'AutoRollingUpdate' | 'AutoInPlaceUpdate' | 'ManualInPlaceUpdate';

/** One pool of worker nodes. Durations are Go durations, quantities canonical strings. */
export interface WorkerPool {
  name: string;
  minimum: number;
  maximum: number;
  maxSurge?: IntOrString;
  maxUnavailable?: IntOrString;
  machineType: string;
  machineImage: { name?: string; version?: string };
  /** `amd64` when absent. */
  architecture?: string;
  annotations?: Readonly<Record<string, string>>;
  labels?: Readonly<Record<string, string>>;
  taints?: readonly Taint[];
  zones?: readonly string[];
  volume?: Volume;
  dataVolumes?: readonly Volume[];
  kubeletDataVolumeName?: string;
  userDataSecretRef?: { name: string; key: string };
  nodeAgentSecretName?: string;
  providerConfig?: unknown;
  kubernetesVersion?: string;
  kubeletConfig?: KubeletConfig;
  nodeTemplate?: NodeCapacity;
  priority?: number;
  updateStrategy?: UpdateStrategy;
  machineControllerManager?: MachineControllerManagerSettings;
  clusterAutoscaler?: ClusterAutoscalerSettings;
}

export interface Taint {
  key: string;
  value?: string;
  effect: string;
  timeAdded?: string;
}

export interface Volume {
  name?: string;
  type?: string;
  size: string;
  encrypted?: boolean;
}

/** The slice that the hash of a pool reads. */
export interface KubeletConfig {
  kubeReserved?: { cpu?: string; memory?: string; pid?: string; ephemeralStorage?: string };
  systemReserved?: { cpu?: string; memory?: string; pid?: string; ephemeralStorage?: string };
  evictionHard?: {
    imageFSAvailable?: string;
    imageFSInodesFree?: string;
    memoryAvailable?: string;
    nodeFSAvailable?: string;
    nodeFSInodesFree?: string;
  };
  cpuManagerPolicy?: string;
}

export interface NodeCapacity {
  capacity?: Readonly<Record<string, string | number>>;
  virtualCapacity?: Readonly<Record<string, string | number>>;
}

export interface MachineControllerManagerSettings {
  machineDrainTimeout?: string;
  machineHealthTimeout?: string;
  machineCreationTimeout?: string;
  maxEvictRetries?: number;
  nodeConditions?: readonly string[];
  inPlaceUpdateTimeout?: string;
  disableHealthTimeout?: boolean;
  machinePreserveTimeout?: string;
  autoPreserveFailedMachineMax?: number;
}

export interface ClusterAutoscalerSettings {
  scaleDownUtilizationThreshold?: string;
  scaleDownGpuUtilizationThreshold?: string;
  scaleDownUnneededTime?: string;
  scaleDownUnreadyTime?: string;
  maxNodeProvisionTime?: string;
}
