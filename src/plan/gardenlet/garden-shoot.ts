import type {
  ClusterAutoscalerSettings,
  KubeletConfig,
  MachineControllerManagerSettings,
  Taint,
  UpdateStrategy,
  Volume,
} from '../../apis/extensions/worker.ts';
import type { IntOrString } from '../../apis/object.ts';
import type { KubeObject } from '../../kube/object.ts';

export interface ShootNetworkingStatus {
  nodes?: readonly string[];
  pods?: readonly string[];
  services?: readonly string[];
  egressCIDRs?: readonly string[];
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
export interface GardenShoot extends KubeObject {
  spec: {
    cloudProfile?: { kind?: string; name: string };
    cloudProfileName?: string;
    controlPlane?: { highAvailability?: { failureTolerance: { type: string } } };
    credentialsBindingName?: string;
    secretBindingName?: string;
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
  status?: {
    technicalID?: string;
    uid?: string;
    /** The hibernation has been carried out, not only asked for. */
    hibernated?: boolean;
    networking?: ShootNetworkingStatus;
    credentials?: {
      rotation?: {
        certificateAuthorities?: { phase: string; lastInitiationTime?: string };
        serviceAccountKey?: { phase: string; lastInitiationTime?: string };
      };
    };
  };
}

/** The name of the control-plane namespace and of the Cluster. */
export function technicalId(project: string, shoot: GardenShoot): string {
  return shoot.status?.technicalID || `shoot--${project}--${shoot.metadata.name}`;
}
