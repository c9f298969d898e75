import type { Cluster } from '../../../apis/extensions/cluster.ts';
import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import { infrastructures } from '../../../apis/extensions/resources.ts';
import type { Worker } from '../../../apis/extensions/worker.ts';
import type { MetalControlPlane } from '../../../apis/metal/cloud-profile-config.ts';
import type { ControllerConfiguration } from '../../../apis/metal/controller-configuration.ts';
import { type InfrastructureConfig, infrastructureConfig } from '../../../apis/metal/infrastructure-config.ts';
import { OperationError } from '../../errors.ts';
import type { Operation, ProviderDependencies } from '../../provider.ts';
import { endpointOf, metalControlPlaneOf } from '../cloud-profile.ts';
import { readCredentials } from '../credentials.ts';
import { decode } from '../decode.ts';
import { type Scope, scopeOf } from '../infrastructure/scope.ts';
import type { MetalApiCredentials } from '../metal-api/auth.ts';
import type { MetalApiRegistry } from '../metal-api/registry.ts';
import { findPrivateNetwork } from '../private-network.ts';
import { type Isolation, isolationIn } from './isolation.ts';

export interface WorkerDependencies extends ProviderDependencies {
  readonly metalApis: MetalApiRegistry;
  readonly config: ControllerConfiguration;
  /** How long a run waits for firewall-controller-manager; 60 s when absent. */
  readonly patienceMs?: number | undefined;
}

/** Everything that machines and firewalls of a cluster are made from. What is derived from it is pure. */
export interface Facts {
  readonly worker: Worker;
  /** Of the control plane in the seed; also the cluster's name at metal-api. */
  readonly namespace: string;
  readonly scope: Scope;
  readonly firewall: NonNullable<InfrastructureConfig['firewall']>;
  readonly plane: MetalControlPlane;
  readonly isolation: Isolation | undefined;
  /** status.state of the Infrastructure: the Firewalls as they were noted last. */
  readonly notedState: unknown;
  /** Of the private network that the nodes live in. */
  readonly privateNetworkID: string;
  readonly metalApi: { readonly endpoint: string; readonly credentials: MetalApiCredentials };
  readonly config: ControllerConfiguration;
}

/** In authorized_keys format; undefined without SSH access to the nodes. */
export function sshPublicKeyOf({ spec }: Worker): string | undefined {
  return spec.sshPublicKey ? Buffer.from(spec.sshPublicKey, 'base64').toString('utf8') : undefined;
}

/** The configuration as the Shoot has it now, which the Infrastructure has been reconciled with before the Worker. */
function configOf(cluster: Cluster): InfrastructureConfig {
  const config = cluster.spec.shoot.spec.provider?.infrastructureConfig;
  return decode(infrastructureConfig, config, "the Shoot's infrastructureConfig");
}

export function clusterScopeOf(cluster: Cluster): Scope {
  return scopeOf(configOf(cluster), cluster);
}

export function infrastructureKeyOf({ object, cluster }: Operation<Worker>) {
  return { namespace: object.metadata.namespace, name: cluster.spec.shoot.metadata.name };
}

/** The metal-api that serves the cluster, with the credentials of this moment. */
export async function readMetalApi(
  { object, cluster, signal }: Operation<Worker>,
  scope: Scope,
  { kube }: Pick<WorkerDependencies, 'kube'>,
): Promise<Facts['metalApi']> {
  const endpoint = endpointOf(cluster, scope.partitionID);
  const credentials = await readCredentials(kube, object.spec.secretRef, object.metadata.namespace, { signal });
  return { endpoint, credentials };
}

async function read(operation: Operation<Worker>, dependencies: WorkerDependencies): Promise<Facts> {
  const { object: worker, cluster, signal } = operation;
  const { kube, metalApis, config } = dependencies;
  const infrastructureConfig = configOf(cluster);
  const scope = scopeOf(infrastructureConfig, cluster);
  const plane = metalControlPlaneOf(cluster, scope.partitionID);
  const isolation = isolationIn(cluster, plane, scope.partitionID);
  const [metalApi, infrastructure] = await Promise.all([
    readMetalApi(operation, scope, dependencies),
    kube.find(infrastructures, infrastructureKeyOf(operation), { signal }),
  ]);
  const api = metalApis.client(metalApi.endpoint, metalApi.credentials);
  const network = await findPrivateNetwork(api, scope, nodesCIDROf(infrastructure), signal);
  return {
    worker,
    namespace: worker.metadata.namespace ?? '',
    scope,
    firewall: infrastructureConfig.firewall ?? {},
    plane,
    isolation,
    notedState: infrastructure?.status?.state,
    privateNetworkID: network.id,
    metalApi,
    config,
  };
}

/** The Cluster has it only after a further run of gardenlet, so it is taken from where it is written. */
function nodesCIDROf(infrastructure: Infrastructure | undefined): string {
  const nodesCIDR = infrastructure?.status?.nodesCIDR;
  if (nodesCIDR) return nodesCIDR;
  throw new OperationError(
    'the Infrastructure has no status.nodesCIDR yet: machines wait until the node network is there. Look at its lastError',
    { codes: ['ERR_RETRYABLE_INFRA_DEPENDENCIES'], retryAfterMs: 10_000 },
  );
}

/** Reads the facts once for each run, however many of the driver's methods ask for them. */
export function createFactsReader(dependencies: WorkerDependencies): (operation: Operation<Worker>) => Promise<Facts> {
  // A run has its own reading of the Cluster.
  const known = new WeakMap<Cluster, Promise<Facts>>();
  return (operation) => {
    const { cluster } = operation;
    const facts = known.get(cluster) ?? read(operation, dependencies);
    known.set(cluster, facts);
    facts.catch(() => known.delete(cluster));
    return facts;
  };
}
