import { cluster } from '../apis/extensions/cluster.ts';
import type { ExtensionObject } from '../apis/extensions/extension.ts';
import { clusters, controlPlanes, infrastructures, type RawCluster, workers } from '../apis/extensions/resources.ts';
import { machineClasses, machineDeployments, machineSets, machines } from '../apis/machine/machine.ts';
import { purposeLabels } from '../controllers/worker/machine-class.ts';
import type { ReadSeed, SeedSource } from '../doctor/seed.ts';
import { all } from '../kube/all.ts';
import { namespaces } from '../kube/namespace.ts';
import { type KubeObject, keyOf } from '../kube/object.ts';
import { secrets } from '../kube/secret.ts';
import type { Unseen } from '../providers/doctor.ts';
import { tryTo } from '../providers/try-to.ts';
import { readCertificates, readLeases, readWebhookTargets } from './doctor-extension.ts';
import { list, type SeedReader } from './doctor-lists.ts';

/** One list for each kind, over all namespaces. Rejects when one fails without which nothing could be compared. */
export async function readSeed(
  reader: SeedReader,
  source: SeedSource,
): Promise<{ readonly seed: ReadSeed; readonly unseen: readonly Unseen[] }> {
  const unseen: Unseen[] = [];
  const kinds = await readKinds(reader);
  const snapshots = kinds.clusters.flatMap((raw) => snapshotOf(raw, kinds, reader.type, unseen));
  const ours = new Set(snapshots.map(({ namespace }) => namespace));
  const attempt = <T>(what: string, look: () => Promise<readonly T[]>) =>
    tryTo({ unseen, signal: reader.signal }, `${what} in ${placeOf(source)}`, look);
  const [certificates = [], held = [], targets = [], spaces = []] = await all([
    attempt('certificates of the extension', () => readCertificates(reader)),
    attempt('Leases of the extension', () => readLeases(reader)),
    attempt('webhooks of the extension', () => readWebhookTargets(reader)),
    attempt('Namespaces', () => list(reader, namespaces)),
  ]);
  const objects: readonly KubeObject[] = [...Object.values(kinds).flat(), ...spaces];
  const isOurs = ({ metadata: { namespace, name } }: KubeObject) => ours.has(namespace ?? name);
  const seed: ReadSeed = {
    source,
    clusters: snapshots,
    deleting: objects.filter((object) => object.metadata.deletionTimestamp && isOurs(object)),
    certificates,
    leases: held,
    webhookTargets: targets,
  };
  return { seed, unseen };
}

/** What a seed is called as long as its Clusters have not said more. */
export const placeOf = ({ given, path }: SeedSource): string => `seed ${given ?? path}`;

type Kinds = Awaited<ReturnType<typeof readKinds>>;

async function readKinds(reader: SeedReader) {
  const [classSecrets, ...lists] = await all([
    readClassSecrets(reader),
    list(reader, clusters),
    list(reader, infrastructures),
    list(reader, controlPlanes),
    list(reader, workers),
    list(reader, machines),
    list(reader, machineSets),
    list(reader, machineDeployments),
    list(reader, machineClasses),
  ]);
  const [raw, infrastructureList, controlPlaneList, workerList, ...machineLists] = lists;
  const [machineList, setList, deploymentList, classList] = machineLists;
  return {
    clusters: raw,
    infrastructures: infrastructureList,
    controlPlanes: controlPlaneList,
    workers: workerList,
    machines: machineList,
    machineSets: setList,
    machineDeployments: deploymentList,
    machineClasses: classList,
    classSecrets,
  };
}

/** With either label, once each, and without what is in them. */
async function readClassSecrets(reader: SeedReader): Promise<readonly KubeObject[]> {
  const selectors = Object.entries(purposeLabels).map((pair) => pair.join('='));
  const lists = await all(selectors.map((labelSelector) => list(reader, secrets, { labelSelector })));
  const found = lists.flat().map(({ metadata }): KubeObject => ({ kind: 'Secret', metadata }));
  return [...new Map(found.map((object) => [keyOf(object.metadata), object])).values()];
}

/** None for clusters of other types. */
function snapshotOf(raw: RawCluster, kinds: Kinds, type: string, unseen: Unseen[]): ReadSeed['clusters'] {
  const namespace = raw.metadata.name;
  const isHere = ({ metadata }: KubeObject) => metadata.namespace === namespace;
  const isServed = (object: ExtensionObject) => isHere(object) && object.spec.type === type;
  const infrastructure = kinds.infrastructures.find(isServed);
  const controlPlane = kinds.controlPlanes.find(isServed);
  const worker = kinds.workers.find(isServed);
  const parsed = cluster.safeParse(raw);
  if (!infrastructure && !controlPlane && !worker) {
    if (parsed.data?.spec.shoot.spec.provider?.type !== type) return [];
  }
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    unseen.push({ what: `Cluster ${namespace}`, reason: `${issue?.path.join('.')}: ${issue?.message}` });
    return [];
  }
  return [
    {
      ...{ namespace, cluster: parsed.data, infrastructure, controlPlane, worker },
      machines: kinds.machines.filter(isHere),
      machineSets: kinds.machineSets.filter(isHere),
      machineDeployments: kinds.machineDeployments.filter(isHere),
      machineClasses: kinds.machineClasses.filter(isHere),
      classSecrets: kinds.classSecrets.filter(isHere),
    },
  ];
}
