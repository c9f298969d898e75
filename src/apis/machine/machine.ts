import type { Taint } from '../extensions/worker.ts';
import type { ApiObject, ApiResource, IntOrString } from '../object.ts';

/** machine.sapcloud.io/v1alpha1, the kinds of machine-controller-manager (metal-components F.3, gardener-contract 2.6). */

const group = 'machine.sapcloud.io';
const version = 'v1alpha1';

/** Everything stands at the root: there is no spec. */
export interface MachineClass extends ApiObject {
  /** Name of the driver, e.g. `metal`. */
  provider: string;
  providerSpec: unknown;
  /** The Secret with `userData`. */
  secretRef: { name: string; namespace: string };
  credentialsSecretRef?: { name: string; namespace: string };
  nodeTemplate?: MachineClassNodeTemplate;
}

/** For scaling from zero. */
export interface MachineClassNodeTemplate {
  capacity: Readonly<Record<string, string | number>>;
  virtualCapacity?: Readonly<Record<string, string | number>>;
  instanceType: string;
  region: string;
  zone: string;
  architecture?: string;
}

/** Go durations. */
export interface MachineConfiguration {
  drainTimeout?: string;
  healthTimeout?: string;
  creationTimeout?: string;
  inPlaceUpdateTimeout?: string;
  disableHealthTimeout?: boolean;
  machinePreserveTimeout?: string;
  maxEvictRetries?: number;
  /** Comma-separated. */
  nodeConditions?: string;
}

export interface MachineSpec extends MachineConfiguration {
  class: { apiGroup?: string; kind: string; name: string };
  providerID?: string;
  nodeTemplate?: {
    metadata?: { labels?: Readonly<Record<string, string>>; annotations?: Readonly<Record<string, string>> };
    spec?: { taints?: readonly Taint[] };
  };
}

export interface MachineTemplate {
  metadata?: { labels?: Readonly<Record<string, string>>; annotations?: Readonly<Record<string, string>> };
  spec: MachineSpec;
}

export interface LabelSelector {
  matchLabels?: Readonly<Record<string, string>>;
}

export interface MachineCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

/** What machine-controller-manager says of a machine that failed. */
export interface FailedMachine {
  name?: string;
  providerID?: string;
  lastOperation?: { description?: string; state?: string; type?: string; errorCode?: string; lastUpdateTime?: string };
  ownerRef?: string;
}

export interface MachineDeploymentStrategy {
  type: 'RollingUpdate' | 'InPlaceUpdate' | 'Recreate';
  rollingUpdate?: { maxSurge?: IntOrString; maxUnavailable?: IntOrString };
  inPlaceUpdate?: { maxSurge?: IntOrString; maxUnavailable?: IntOrString; orchestrationType?: 'Auto' | 'Manual' };
}

export interface MachineDeployment extends ApiObject {
  spec: {
    replicas?: number;
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    paused?: boolean;
    selector?: LabelSelector;
    strategy?: MachineDeploymentStrategy;
    autoPreserveFailedMachineMax?: number;
    template: MachineTemplate;
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    unavailableReplicas?: number;
    conditions?: readonly MachineCondition[];
    failedMachines?: readonly FailedMachine[];
  };
}

export interface MachineSet extends ApiObject {
  spec: {
    replicas?: number;
    minReadySeconds?: number;
    selector?: LabelSelector;
    machineClass?: { apiGroup?: string; kind?: string; name: string };
    template?: MachineTemplate;
  };
  status?: {
    replicas?: number;
    fullyLabeledReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    observedGeneration?: number;
    failedMachines?: readonly FailedMachine[];
    autoPreserveFailedMachineCount?: number;
  };
}

export interface Machine extends ApiObject {
  spec: MachineSpec;
  status?: {
    addresses?: readonly { type: string; address: string }[];
    conditions?: readonly MachineCondition[];
    currentStatus?: {
      phase?: string;
      timeoutActive?: boolean;
      lastUpdateTime?: string;
      preserveExpiryTime?: string;
    };
    lastOperation?: FailedMachine['lastOperation'];
    lastKnownState?: string;
  };
}

export const machineClasses: ApiResource<MachineClass> = {
  group,
  version,
  kind: 'MachineClass',
  plural: 'machineclasses',
  namespaced: true,
};

export const machineDeployments: ApiResource<MachineDeployment> = {
  group,
  version,
  kind: 'MachineDeployment',
  plural: 'machinedeployments',
  namespaced: true,
};

export const machineSets: ApiResource<MachineSet> = {
  group,
  version,
  kind: 'MachineSet',
  plural: 'machinesets',
  namespaced: true,
};

export const machines: ApiResource<Machine> = {
  group,
  version,
  kind: 'Machine',
  plural: 'machines',
  namespaced: true,
};
