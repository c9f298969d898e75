import { type Manifest, readExample } from '../../../landscape/garden/manifests.ts';
import { shoots } from '../../../landscape/gardenlet/resources.ts';
import type { ShootObject } from '../../../landscape/gardenlet/shoot.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import type { ShootWorker } from '../../../src/plan/gardenlet/garden-shoot.ts';
import { eventually } from '../../scene/eventually.ts';

const project = 'garden-local';

/** A Shoot in the garden, and what a user does with it. */
export interface UserShoot {
  readonly key: { readonly namespace: string; readonly name: string };
  /** Of its control plane. */
  readonly namespace: string;
  read(): Promise<ShootObject>;
  /** UID: the id of the cluster at metal-api. */
  uid(): Promise<string>;
  /** Writes, and waits until what was written has been brought about. */
  change(patch: object): Promise<ShootObject>;
  /** Asks to reconcile, as in a maintenance time window. */
  reconcile(): Promise<ShootObject>;
  /** Waits until the operation on the newest generation has succeeded. */
  ready(): Promise<ShootObject>;
  /** Asks for the deletion; `gone` waits for it. */
  delete(): Promise<void>;
  /** The same by force, which Gardener allows after certain errors. Nothing is tried before. */
  forceDelete(): Promise<void>;
  gone(): Promise<void>;
}

export interface Wishes {
  readonly networking?: 'calico' | 'cilium';
  readonly networkAccessType?: 'baseline' | 'restricted' | 'forbidden';
  readonly workers?: readonly Partial<ShootWorker>[];
  /** Other than the example's: an address is of one Shoot only. */
  readonly egressRules?: readonly object[];
}

const timeoutMs = 60_000;

export async function orderShoot(garden: KubeClient, name: string, wishes: Wishes = {}): Promise<UserShoot> {
  const [example] = await readExample('shoot.yaml');
  const manifest = wished({ ...(example as Manifest), metadata: { ...example?.metadata, name } }, wishes);
  await eventually(() => garden.create(shoots, manifest));
  return userShoot(garden, { namespace: project, name });
}

function wished(manifest: Manifest, wishes: Wishes): ShootObject {
  const shoot = structuredClone(manifest) as unknown as ShootObject;
  const { networking = {}, provider } = shoot.spec;
  const { networkAccessType, egressRules } = wishes;
  const { firewall } = provider.infrastructureConfig as { firewall: object };
  if (egressRules) Object.assign(firewall, { egressRules });
  networking.type = wishes.networking ?? 'calico';
  if (networkAccessType) Object.assign(provider.controlPlaneConfig as object, { networkAccessType });
  const [worker] = provider.workers ?? [];
  provider.workers = (wishes.workers ?? [{}]).map((one) => ({ ...(worker as ShootWorker), ...one }));
  return shoot;
}

function userShoot(garden: KubeClient, key: UserShoot['key']): UserShoot {
  const read = () => garden.get(shoots, key);
  const annotate = (annotations: Record<string, string | null>) =>
    garden.mergePatch(shoots, key, { metadata: { annotations } });
  const ready = () =>
    eventually(async () => {
      const shoot = await read();
      const { status, metadata } = shoot;
      const last = status?.lastOperation;
      const errors = (status?.lastErrors ?? []).map(({ description }) => description).join('; ');
      const isReady = status?.observedGeneration === metadata.generation && last?.state === 'Succeeded';
      const isThere = shoot.spec.seedName === status?.seedName;
      if (!isReady || !isThere)
        throw new Error(`${key.name}: ${last?.type} ${last?.state}: ${last?.description} ${errors}`);
      return shoot;
    }, timeoutMs);
  const change = async (patch: object) => {
    await garden.mergePatch(shoots, key, patch);
    return ready();
  };
  return {
    key,
    namespace: `shoot--local--${key.name}`,
    read,
    ready,
    change,
    uid: async () => (await read()).status?.uid ?? '',
    reconcile: () =>
      change({
        metadata: {
          annotations: {
            'gardener.cloud/operation': 'reconcile',
            'shoot.gardener.cloud/tasks': 'deployInfrastructure',
          },
        },
      }),
    async delete() {
      await annotate({ 'confirmation.gardener.cloud/deletion': 'true' });
      await garden.delete(shoots, key);
    },
    async forceDelete() {
      const confirmed = { 'confirmation.gardener.cloud/deletion': 'true' };
      await annotate({ 'shoot.gardener.cloud/ignore': 'true', ...confirmed });
      await garden.delete(shoots, key);
      const error = { description: 'denied', codes: ['ERR_INFRA_UNAUTHORIZED'] };
      await garden.mergePatch(shoots, key, { status: { lastErrors: [error] } }, { subresource: 'status' });
      await annotate({ 'shoot.gardener.cloud/ignore': null, 'confirmation.gardener.cloud/force-deletion': 'true' });
    },
    gone: () =>
      eventually(async () => {
        const left = await garden.find(shoots, key);
        const { lastOperation: last, lastErrors } = left?.status ?? {};
        if (left) throw new Error(`${key.name}: ${last?.description} ${JSON.stringify(lastErrors)}`);
      }, timeoutMs),
  };
}
