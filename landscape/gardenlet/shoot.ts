import type {
  ClusterAutoscalerSettings,
  KubeletConfig,
  MachineControllerManagerSettings,
  Taint,
  UpdateStrategy,
  Volume,
} from '../../src/apis/extensions/worker.ts';
import type { IntOrString } from '../../src/apis/object.ts';
import type { KubeObject } from '../../src/kube/object.ts';

export interface ShootLastOperation {
  description: string;
  lastUpdateTime: string;
  progress: number;
  state: 'Processing' | 'Succeeded' | 'Error' | 'Failed' | 'Pending' | 'Aborted';
  type: 'Create' | 'Reconcile' | 'Delete' | 'Migrate' | 'Restore';
}

export interface ShootLastError {
  description: string;
  taskID?: string;
  codes?: string[];
  lastUpdateTime?: string;
}

export interface ShootCondition {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastTransitionTime: string;
  lastUpdateTime: string;
}

export interface ShootNetworkingStatus {
  nodes?: readonly string[];
  pods?: readonly string[];
  services?: readonly string[];
  egressCIDRs?: readonly string[];
}

export interface ShootStatus {
  conditions?: ShootCondition[];
  gardener?: { id: string; name: string; version: string };
  hibernated?: boolean;
  credentials?: {
    rotation?: {
      certificateAuthorities?: { phase: string; lastInitiationTime?: string };
      serviceAccountKey?: { phase: string; lastInitiationTime?: string };
    };
  };
  lastErrors?: ShootLastError[];
  lastOperation?: ShootLastOperation;
  networking?: ShootNetworkingStatus;
  observedGeneration?: number;
  retryCycleStartTime?: string;
  seedName?: string;
  technicalID?: string;
  uid?: string;
}

/** A pool as the user writes it. */
export interface ShootWorker {
  name: string;
  minimum?: number;
  maximum?: number;
  maxSurge?: IntOrString;
  maxUnavailable?: IntOrString;
  priority?: number;
  updateStrategy?: UpdateStrategy;
  machine?: { type: string; image?: { name: string; version?: string }; architecture?: string };
  cri?: { name: string; containerRuntimes?: { type: string }[] };
  kubernetes?: { version?: string; kubelet?: KubeletConfig };
  volume?: Volume;
  dataVolumes?: Volume[];
  providerConfig?: unknown;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  taints?: Taint[];
  zones?: string[];
  machineControllerManager?: MachineControllerManagerSettings;
  clusterAutoscaler?: ClusterAutoscalerSettings;
}

/** core.gardener.cloud/v1beta1 Shoot, the part that is used here. */
export interface ShootObject extends KubeObject {
  spec: {
    cloudProfile?: { kind?: string; name: string };
    cloudProfileName?: string;
    controlPlane?: { highAvailability?: { failureTolerance: { type: string } } };
    credentialsBindingName?: string;
    extensions?: { type: string; disabled?: boolean }[];
    dns?: { domain?: string };
    hibernation?: { enabled?: boolean };
    kubernetes?: { version?: string; kubelet?: KubeletConfig };
    networking?: { type?: string; nodes?: string; pods?: string; services?: string; ipFamilies?: string[] };
    provider: {
      type: string;
      infrastructureConfig?: unknown;
      controlPlaneConfig?: unknown;
      workers?: ShootWorker[];
      workersSettings?: { sshAccess?: { enabled?: boolean } };
    };
    region: string;
    seedName?: string;
  };
  status?: ShootStatus;
}

export const gardenerFinalizer = 'gardener';
export const tasksAnnotation = 'shoot.gardener.cloud/tasks';
export const ignoreAnnotation = 'shoot.gardener.cloud/ignore';
const forceDeletionAnnotation = 'confirmation.gardener.cloud/force-deletion';
export const deployInfrastructureTask = 'deployInfrastructure';

/** What Go's ParseBool takes for true. */
const truths: readonly string[] = ['1', 't', 'T', 'true', 'TRUE', 'True'];
export const isTrue = (value: string | undefined): boolean => value !== undefined && truths.includes(value);

export const needsForceDeletion = (shoot: ShootObject): boolean =>
  Boolean(shoot.metadata.deletionTimestamp) && isTrue(shoot.metadata.annotations?.[forceDeletionAnnotation]);

export function hasTask(shoot: ShootObject, task: string): boolean {
  return (shoot.metadata.annotations?.[tasksAnnotation] ?? '').split(',').includes(task);
}

/** The name of the control-plane namespace and of the Cluster. */
export function technicalId(project: string, shoot: ShootObject): string {
  return shoot.status?.technicalID || `shoot--${project}--${shoot.metadata.name}`;
}
