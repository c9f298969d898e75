import { nearest } from '../apis/nearest.ts';
import { applyMergePatch } from '../kube/memory/patch.ts';
import { uidOf } from '../kube/memory/store.ts';
import { type KubeObject, keyOf } from '../kube/object.ts';
import type { Secret } from '../kube/secret.ts';
import { InputError } from './documents.ts';
import { cloudProvider } from './gardenlet/cloud-provider.ts';
import { type GardenShoot, technicalId } from './gardenlet/garden-shoot.ts';
import type { PlanInput } from './input.ts';
import type { LiveCluster } from './live.ts';

/** What gardenlet knows when it begins with a Shoot. */
export interface Environment {
  readonly shoot: GardenShoot;
  /** Name of the control-plane namespace. */
  readonly namespace: string;
  readonly seed: KubeObject;
  /** What the Shoot is allowed by, under the kind CloudProfile. */
  readonly profile: KubeObject & { readonly spec: object };
  /** The Secret `cloudprovider`; undefined when the one that the seed has is right. */
  readonly credentials: Secret | undefined;
}

type Assume = (what: string) => void;

/** Name of the control-plane namespace, by which everything in the seed is found. */
export function namespaceOf({ shoot, garden }: PlanInput, assume: Assume): string {
  return technicalId(projectOf(shoot, garden.get('Project') ?? [], assume), shoot);
}

function projectOf({ metadata, status }: GardenShoot, projects: readonly KubeObject[], assume: Assume): string {
  const { namespace = '' } = metadata;
  const found = projects.find(
    (project) => (project as { spec?: { namespace?: string } }).spec?.namespace === namespace,
  );
  if (found) return found.metadata.name;
  const project = namespace.replace(/^garden-/, '');
  if (!status?.technicalID) assume(`the namespace ${namespace} is that of a Project ${project}`);
  return project;
}

/** Throws InputError for what cannot be assumed. */
export function environmentOf(
  input: PlanInput,
  namespace: string,
  live: LiveCluster | undefined,
  assume: Assume,
): Environment {
  const shoot = complete(input, namespace, live, assume);
  return {
    shoot,
    namespace,
    profile: profileOf(shoot, input, live),
    seed: seedOf(shoot, input, live, assume),
    credentials: credentialsOf(shoot, namespace, input, live, assume),
  };
}

/** With what the garden fills in when a Shoot is made, and what it knows of one that exists. */
function complete(
  { shoot: given }: PlanInput,
  namespace: string,
  live: LiveCluster | undefined,
  assume: Assume,
): GardenShoot {
  const shoot = (live ? applyMergePatch(live.shoot, given) : given) as GardenShoot;
  const { uid = uidOf(`Shoot ${keyOf(shoot.metadata)}`) } = shoot.metadata;
  if (!shoot.metadata.uid) assume(`the UID of the Shoot is ${uid}, the garden gives another`);
  const domain = shoot.spec.dns?.domain ?? `${shoot.metadata.name}.shoot.example.com`;
  if (!shoot.spec.dns?.domain) assume(`the domain of the Shoot is ${domain}, the garden gives another`);
  return {
    ...shoot,
    metadata: { ...shoot.metadata, uid },
    spec: { ...shoot.spec, dns: { ...shoot.spec.dns, domain } },
    status: { ...shoot.status, technicalID: namespace, uid: shoot.status?.uid ?? uid },
  };
}

/** Every project may have one of that name; a file may leave out the namespace. */
const isNamed =
  (name: string | undefined, { metadata: { namespace } }: GardenShoot) =>
  ({ metadata }: KubeObject): boolean =>
    metadata.name === name && (metadata.namespace ?? namespace) === namespace;

function profileOf(shoot: GardenShoot, { garden }: PlanInput, live: LiveCluster | undefined): Environment['profile'] {
  const { kind = 'CloudProfile', name = '' } = shoot.spec.cloudProfile ?? { name: shoot.spec.cloudProfileName };
  const given = garden.get(kind) ?? [];
  const found = given.find(isNamed(name, shoot));
  const isMerged = kind === 'NamespacedCloudProfile';
  if (!found) {
    if (live?.cloudProfile?.metadata.name === name) return live.cloudProfile as Environment['profile'];
    const names = given.map(({ metadata }) => metadata.name);
    const meant = nearest(name, names);
    throw new InputError(
      `the Shoot names the ${kind} ${name}, which is not given${meant ? `, did you mean ${meant}?` : '.'} Add its file with -f`,
    );
  }
  const { spec, status } = found as KubeObject & { spec?: object; status?: { cloudProfileSpec?: object } };
  const offered = isMerged ? status?.cloudProfileSpec : spec;
  if (offered) return { ...found, kind: 'CloudProfile', spec: offered };
  throw new InputError(
    `the ${kind} ${name} has no ${isMerged ? 'status.cloudProfileSpec: take it from the garden, with its status' : 'spec'}`,
  );
}

function seedOf(shoot: GardenShoot, { garden }: PlanInput, live: LiveCluster | undefined, assume: Assume): KubeObject {
  const given = garden.get('Seed') ?? [];
  const named = given.find(({ metadata }) => metadata.name === shoot.spec.seedName);
  const seed = named ?? (given.length === 1 ? given[0] : undefined) ?? live?.seed;
  if (seed) return seed;
  assume('the Seed is of the provider type and in the region of the Shoot');
  const { type } = shoot.spec.provider;
  return {
    metadata: { name: shoot.spec.seedName ?? 'seed' },
    spec: { provider: { type, region: shoot.spec.region } },
  } as KubeObject;
}

interface Binding extends KubeObject {
  /** Of a CredentialsBinding. */
  readonly credentialsRef?: { readonly namespace?: string; readonly name?: string };
  /** Of a SecretBinding. */
  readonly secretRef?: { readonly namespace?: string; readonly name?: string };
}

/** Stands for an HMAC key that is not given. */
const unknownKey = 'hmac-key-that-is-not-given';

function credentialsOf(
  shoot: GardenShoot,
  namespace: string,
  { garden, secrets }: PlanInput,
  live: LiveCluster | undefined,
  assume: Assume,
): Secret | undefined {
  const { credentialsBindingName, secretBindingName } = shoot.spec;
  const kind = secretBindingName && !credentialsBindingName ? 'SecretBinding' : 'CredentialsBinding';
  const name = credentialsBindingName ?? secretBindingName;
  const binding: Binding | undefined = garden.get(kind)?.find(isNamed(name, shoot));
  const reference = binding?.credentialsRef ?? binding?.secretRef;
  const source = secrets.find(
    ({ metadata }) => metadata.name === reference?.name && metadata.namespace === reference?.namespace,
  );
  if (source) return cloudProvider(namespace, source);
  if (live) return undefined;
  assume(`the credentials of ${name ? `${kind} ${name}` : 'the Shoot'} are an HMAC key, they are not given`);
  const data = { metalAPIHMac: Buffer.from(unknownKey).toString('base64') };
  return cloudProvider(namespace, { metadata: { name: 'credentials' }, data });
}
