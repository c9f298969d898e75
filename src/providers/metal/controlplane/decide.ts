import type { ControllerConfiguration } from '../../../apis/metal/controller-configuration.ts';
import type { ControlPlaneContext } from '../../control-plane.ts';
import type { Images } from '../images.ts';
import type { Manifests } from '../manifests/manifests.ts';
import { defaultExternalNetwork, networksOf } from './external-network.ts';
import type { Intent } from './intent.ts';
import type { ControlPlaneModel, DurosModel } from './model.ts';
import { isolationOf, networkAccessOf } from './network-access.ts';
import type { Observed } from './observe.ts';
import { seedApiUrlOf } from './seed-api.ts';
import { csiLvmOf, durosModel, durosOfPartition, reachesStorage } from './storage.ts';

/** What the operator has given to this process. */
export interface Setting {
  readonly config: ControllerConfiguration;
  readonly images: Images;
  readonly manifests: Manifests;
  /** Host of the seed's API server as pods are told it; undefined outside of a cluster. */
  readonly seedApiHost: string | undefined;
}

/** From what was written and observed to what is to be (metal-provider 3.3). */
export function decide(
  context: ControlPlaneContext,
  intent: Intent,
  observed: Observed,
  setting: Setting,
): ControlPlaneModel {
  const { scope, firewall, controlPlane, endpoint, partition, domain } = intent;
  const { shoot } = context.operation.cluster.spec;
  const firewallNetworks = firewall.networks ?? [];
  const networkAccess = networkAccessOf(controlPlane.networkAccessType);
  return {
    ...scope,
    namespace: context.namespace,
    metalApi: { url: endpoint, credentials: observed.credentials },
    nodeNetworkID: observed.nodeNetworkID,
    nodeCIDRs: observed.nodeCIDRs,
    firewallNetworks,
    defaultExternalNetwork: defaultExternalNetwork({
      chosen: controlPlane.cloudControllerManager?.defaultExternalNetwork,
      firewallNetworks,
      access: networkAccess,
      networks: observed.networks,
    }),
    loadBalancer: shoot.spec.networking?.type === 'cilium' ? 'cilium' : 'metallb',
    ssh: observed.ssh,
    seedApiUrl: seedApiUrlOf(observed.seedApiUrl, setting.seedApiHost),
    shootApiUrl: `https://api.${domain}`,
    apiServerAddresses: observed.apiServerAddresses,
    networkAccess,
    isolation: isolationOf(networkAccess, scope.partitionID, partition),
    firewallTimeouts: { health: firewall.firewallHealthTimeout, create: firewall.firewallCreateTimeout },
    scaledDown: context.scaledDown,
    featureGates: controlPlane.cloudControllerManager?.featureGates ?? {},
    csiLvm: csiLvmOf(controlPlane),
    duros: durosOf(intent, observed, setting),
    ingressController: ingressControllerOf(setting.config),
    imagePullPolicy: pullPolicyOf(setting.config),
    images: setting.images,
    manifests: setting.manifests,
    genericKubeconfigSecret: context.genericKubeconfigSecret,
    secrets: context.secrets,
    bundles: context.bundles,
    checksums: context.checksums,
  };
}

function durosOf(
  { scope, firewall, controlPlane }: Intent,
  { networks }: Observed,
  { config }: Setting,
): DurosModel | undefined {
  const { partitionID } = scope;
  const storage = durosOfPartition(config, partitionID);
  if (!storage || !reachesStorage(networksOf(firewall.networks ?? [], networks), partitionID)) return undefined;
  return durosModel(storage, partitionID, controlPlane);
}

function ingressControllerOf({ networkPolicies }: ControllerConfiguration): ControlPlaneModel['ingressController'] {
  const { namespace, podSelector = {} } = networkPolicies?.ingressController ?? {};
  return namespace ? { namespace, podSelector } : undefined;
}

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'] as const;

function pullPolicyOf({ imagePullPolicy }: ControllerConfiguration): ControlPlaneModel['imagePullPolicy'] {
  return PULL_POLICIES.find((policy) => policy === imagePullPolicy) ?? 'IfNotPresent';
}
