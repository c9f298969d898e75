import { isIP } from 'node:net';
import type { ControlPlaneConfig } from '../../../apis/metal/control-plane-config.ts';
import type { ControllerConfiguration } from '../../../apis/metal/controller-configuration.ts';
import { operatorProblem } from '../errors.ts';
import type { Network } from '../metal-api/types.ts';
import { splitEndpoint } from './addresses.ts';
import type { ControlPlaneModel, DurosModel } from './model.ts';

const PARTITION_STORAGE = 'network.metal-stack.io/partition-storage';
const CSI_LVM = 'csi-lvm';

type Duros = NonNullable<NonNullable<ControllerConfiguration['storage']>['duros']>;
type PartitionStorage = NonNullable<Duros['partitionConfig']>[string];
type StorageClass = DurosModel['storageClasses'][number];

export function csiLvmOf({ featureGates, customDefaultStorageClass }: ControlPlaneConfig): ControlPlaneModel['csiLvm'] {
  if (featureGates?.disableCsiLvm) return undefined;
  return { isDefault: !customDefaultStorageClass || customDefaultStorageClass.className === CSI_LVM };
}

/** What the operator's file says of the partition's storage; undefined where Duros is not used. */
export function durosOfPartition(config: ControllerConfiguration, partitionID: string): PartitionStorage | undefined {
  const { enabled = false, partitionConfig = {} } = config.storage?.duros ?? {};
  return enabled && Object.hasOwn(partitionConfig, partitionID) ? partitionConfig[partitionID] : undefined;
}

/** Whether the firewall connects the cluster to the storage of its partition. */
export const reachesStorage = (networks: readonly Network[], partitionID: string): boolean =>
  networks.some(({ partitionid, labels }) => partitionid === partitionID && Object.hasOwn(labels, PARTITION_STORAGE));

/** The storage as the cluster gets it. A fault is the operator's, and told without any key. */
export function durosModel(storage: PartitionStorage, partitionID: string, config: ControlPlaneConfig): DurosModel {
  const { endpoints = [], adminKey, adminToken, apiEndpoint, apiCA, apiCert, apiKey } = storage;
  const faults = [
    ...(adminKey ? [] : ['adminKey must be set']),
    ...(adminToken ? [] : ['adminToken must be set']),
    ...(splitEndpoint(apiEndpoint ?? '') ? [] : ['apiEndpoint must be host:port']),
    ...(endpoints.length > 0 ? [] : ['endpoints must not be empty']),
    ...endpoints.filter((endpoint) => !hasAddress(endpoint)).map((endpoint) => `endpoint ${endpoint} must be ip:port`),
  ];
  if (!adminKey || !adminToken || !apiEndpoint || faults.length > 0) {
    throw operatorProblem(
      `storage.duros.partitionConfig.${partitionID} in the extension's config file is invalid: ${faults.join('; ')}`,
    );
  }
  return {
    endpoints,
    adminKey,
    adminToken,
    apiEndpoint,
    apiCA: apiCA || undefined,
    apiCertificate: apiCert && apiKey ? { cert: apiCert, key: apiKey } : undefined,
    storageClasses: withDefault(storageClassesOf(storage, config), config),
  };
}

const hasAddress = (endpoint: string): boolean => isIP(splitEndpoint(endpoint)?.host ?? '') !== 0;

function storageClassesOf({ storageClasses = [] }: PartitionStorage, config: ControlPlaneConfig): StorageClass[] {
  const encrypts = config.featureGates?.durosStorageEncryption ?? false;
  return storageClasses
    .filter(({ encryption }) => encrypts || !encryption)
    .map(({ name = '', replicaCount = 0, compression = false, encryption = false }) => ({
      name,
      replicas: replicaCount,
      compression,
      encryption,
      default: name !== '' && config.customDefaultStorageClass?.className === name,
    }));
}

/** Without csi-lvm, the class with most replicas is the default, one that does not encrypt first. */
function withDefault(classes: StorageClass[], config: ControlPlaneConfig): StorageClass[] {
  if (!config.featureGates?.disableCsiLvm || classes.some((each) => each.default)) return classes;
  const best = classes.toSorted(
    (left, right) => right.replicas - left.replicas || Number(left.encryption) - Number(right.encryption),
  )[0];
  const custom = config.customDefaultStorageClass;
  if (!best || (custom && custom.className !== best.name)) return classes;
  return classes.map((each) => (each === best ? { ...each, default: true } : each));
}
