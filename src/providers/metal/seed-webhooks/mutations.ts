import type { ControllerConfiguration } from '../../../apis/metal/controller-configuration.ts';
import type { SeedMutations } from '../../admission.ts';
import { type MachineController, machineControllerOf } from '../images.ts';
import { etcd } from './etcd.ts';
import { extensionDefaults } from './extension-defaults.ts';
import { kubeApiserver } from './kube-apiserver.ts';
import { kubeControllerManager } from './kube-controller-manager.ts';
import { machineControllerManager } from './machine-controller-manager.ts';
import { operatingSystemConfig } from './operating-system-config.ts';
import { resourceManager } from './resource-manager.ts';
import { calicoNode, vpnShoot } from './shoot.ts';
import { vpnSeedServer } from './vpn.ts';

export interface MetalSeedMutationsOptions {
  /** The operator's file; empty when absent. */
  readonly config?: ControllerConfiguration | undefined;
  readonly machineController?: MachineController | undefined;
}

/** What provider type `metal` changes in seeds and shoots. Throws OperationError for a configuration that cannot be used. */
export function createMetalSeedMutations(options: MetalSeedMutationsOptions = {}): SeedMutations {
  const { config = {}, machineController = machineControllerOf(new Map(), undefined) } = options;
  return {
    controlPlane: [
      kubeApiserver,
      kubeControllerManager,
      ...vpnSeedServer,
      ...machineControllerManager(machineController),
      resourceManager,
      operatingSystemConfig,
    ],
    seedProvider: [etcd(config.etcd)],
    shoot: [...vpnShoot, calicoNode],
    extensions: extensionDefaults,
  };
}
