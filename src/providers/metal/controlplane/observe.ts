import type { Shoot } from '../../../apis/core/shoot.ts';
import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import { dnsRecords, infrastructures } from '../../../apis/extensions/resources.ts';
import type { CallOptions, KubeClient } from '../../../kube/client.ts';
import { configMaps } from '../../../kube/config-map.ts';
import { keyOf } from '../../../kube/object.ts';
import type { ControlPlaneContext } from '../../control-plane.ts';
import { OperationError } from '../../errors.ts';
import { credentialsIn } from '../credentials.ts';
import type { MetalApiRegistry } from '../metal-api/registry.ts';
import type { Network } from '../metal-api/types.ts';
import { findPrivateNetwork } from '../private-network.ts';
import type { Intent } from './intent.ts';
import type { ControlPlaneModel } from './model.ts';
import type { NetworkLists } from './network-lists.ts';
import { findSshKey } from './ssh-key.ts';

/** What is read of seed and metal-api for one run. */
export interface Observed
  extends Pick<ControlPlaneModel, 'nodeNetworkID' | 'nodeCIDRs' | 'ssh' | 'apiServerAddresses'> {
  readonly credentials: ControlPlaneModel['metalApi']['credentials'];
  /** All of metal-api, by id. */
  readonly networks: ReadonlyMap<string, Network>;
  /** What the operator says of the seed's API server. */
  readonly seedApiUrl: string | undefined;
}

interface ObserveDependencies {
  readonly kube: KubeClient;
  readonly metalApis: MetalApiRegistry;
  readonly networkLists: NetworkLists;
}

export async function observe(
  { operation, namespace, credentials: secret }: ControlPlaneContext,
  intent: Intent,
  dependencies: ObserveDependencies,
): Promise<Observed> {
  const { object, cluster, signal } = operation;
  const { kube } = dependencies;
  const options = { signal };
  const credentials = credentialsIn(secret, keyOf({ namespace, ...object.spec.secretRef }));
  const [infrastructure, ssh, apiServerAddresses, seedApi] = await Promise.all([
    kube.find(infrastructures, { namespace, name: object.metadata.name }, options),
    findSshKey(kube, namespace, signal),
    readApiServerAddresses(kube, namespace, cluster.spec.shoot, options),
    kube.find(configMaps, { namespace: 'garden', name: 'seed-api-server' }, options),
  ]);
  const nodeCIDRs = nodeCIDRsOf(infrastructure);
  const api = dependencies.metalApis.client(intent.endpoint, credentials);
  const [networks, nodeNetwork] = await Promise.all([
    dependencies.networkLists(api, intent.firewall.networks ?? [], signal),
    findPrivateNetwork(api, intent.scope, nodeCIDRs[0], signal),
  ]);
  return {
    credentials: 'hmac' in credentials ? 'metalAPIHMac' : 'metalAPIKey',
    networks,
    nodeNetworkID: nodeNetwork.id,
    nodeCIDRs,
    ssh,
    apiServerAddresses,
    seedApiUrl: seedApi?.data?.url,
  };
}

/** The Cluster has it only after a further run of gardenlet, so it is taken from where it is written. */
function nodeCIDRsOf(infrastructure: Infrastructure | undefined): readonly [string, ...string[]] {
  const { nodesCIDR, networking } = infrastructure?.status ?? {};
  if (nodesCIDR) return [nodesCIDR, ...(networking?.nodes ?? []).filter((cidr) => cidr !== nodesCIDR)];
  throw new OperationError(
    'nodeCIDR is not yet set: the Infrastructure has no status.nodesCIDR. Look at its lastError',
    { codes: ['ERR_RETRYABLE_INFRA_DEPENDENCIES'] },
  );
}

/** A shoot that sleeps has no DNSRecord: its API server is nowhere. */
async function readApiServerAddresses(
  kube: KubeClient,
  namespace: string,
  { metadata, spec, status }: Shoot,
  options: CallOptions,
): Promise<readonly string[]> {
  if (spec.hibernation?.enabled && status?.hibernated) return [];
  const key = { namespace, name: `${metadata.name}-external` };
  const record = await kube.find(dnsRecords, key, options);
  const values = record?.spec?.values ?? [];
  if (values.length > 0) return values;
  const what = record ? 'has no values yet' : 'does not exist yet';
  throw new OperationError(
    `DNSRecord ${keyOf(key)} ${what}: the addresses of the shoot's API server are needed, which gardenlet writes there`,
    { codes: ['ERR_RETRYABLE_INFRA_DEPENDENCIES'] },
  );
}
