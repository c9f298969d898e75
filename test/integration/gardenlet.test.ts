import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { applyExample, applyGardenContent } from '../../landscape/garden/content.ts';
import { runGardenlet } from '../../landscape/gardenlet/gardenlet.ts';
import { migrateExtension, restoreExtension } from '../../landscape/gardenlet/migration.ts';
import type { GardenletEvent } from '../../landscape/gardenlet/progress.ts';
import { readiness } from '../../landscape/gardenlet/readiness.ts';
import { clusters, namespaces, secrets, shoots } from '../../landscape/gardenlet/resources.ts';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import type { KubeObject, ObjectKey } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { timestamp as toTime } from '../../src/kube/timestamp.ts';
import { infrastructureObject } from '../../src/plan/gardenlet/infrastructure.ts';
import { createLogger } from '../../src/telemetry/log.ts';

const values = { metalApiUrl: 'http://127.0.0.1:1/metal', metalApiHmac: 'first-key' };
const shootKey = { namespace: 'garden-local', name: 'example' };
const seedNamespace = 'shoot--local--example';
const infrastructureKey = { namespace: seedNamespace, name: 'example' };
const signal = new AbortController().signal;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

let client: ClosableKubeClient;
let stopGardenlet: () => Promise<void> = async () => {};
const events: GardenletEvent[] = [];

function startGardenlet(): void {
  const stop = new AbortController();
  const ended = runGardenlet({
    ...{ garden: client, seed: client, signal: stop.signal },
    log: createLogger({ name: 'gardenlet', level: 'error', format: 'text' }),
    wait: { intervalMs: 500, severeAfterMs: 2_000 },
    backoff: { baseMs: 100, maxMs: 500 },
    onProgress: (event) => events.push(event),
  });
  stopGardenlet = async () => {
    stop.abort(new Error('stopped by the test'));
    await ended;
  };
}

async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  for (let end = Date.now() + 20_000; Date.now() < end; await new Promise((next) => setTimeout(next, 25))) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`timed out: ${what}`);
}

const get = <T extends KubeObject>(resource: Resource<T>, key: ObjectKey) => client.get(resource, key);

const shootIs = (what: string, look: (shoot: Awaited<ReturnType<typeof readShoot>>) => boolean) =>
  until(what, async () => {
    const shoot = await readShoot();
    return look(shoot) && shoot;
  });
const readShoot = () => get(shoots, shootKey);

/** The Infrastructure, once gardenlet has asked for an operation on it. */
const asked = (key = infrastructureKey, operation = 'reconcile') =>
  until(`${operation} asked for`, async () => {
    const found = await client.find(infrastructures, key);
    return found?.metadata.annotations?.['gardener.cloud/operation'] === operation && found;
  });

const timestamp = ({ metadata }: KubeObject) => metadata.annotations?.['gardener.cloud/timestamp'];

/** Plays the extension: takes the request away, and writes a status. */
async function answer(status: object, key = infrastructureKey, type = 'Create'): Promise<void> {
  const patch = { metadata: { annotations: { 'gardener.cloud/operation': null } } };
  const { metadata } = await client.mergePatch(infrastructures, key, patch);
  const lastUpdateTime = toTime(Date.now());
  const lastOperation = { type, state: 'Succeeded', progress: 100, description: 'done', lastUpdateTime };
  const full = { observedGeneration: metadata.generation, lastOperation, lastError: null, ...status };
  await client.mergePatch(infrastructures, key, { status: full }, { subresource: 'status' });
}

const annotate = (annotations: Record<string, string>) =>
  client.mergePatch(shoots, shootKey, { metadata: { annotations } });

beforeAll(async () => {
  client = createKubeClient({ kubeconfig: inject('kubeconfig') });
  await applyGardenContent(client, values, signal);
  startGardenlet();
});

afterAll(async () => {
  await stopGardenlet();
  await client.close();
});

describe('the way of a Shoot', () => {
  test('the garden content can be applied again', () => applyGardenContent(client, values, signal));

  test('Gardener accepts the example, and its Infrastructure is what gardenlet writes', async () => {
    await applyExample(client, 'shoot.yaml', values, signal);
    const infrastructure = await asked();
    const shoot = await readShoot();
    expect(infrastructure.spec).toEqual({
      type: 'metal',
      region: 'fra',
      secretRef: { name: 'cloudprovider', namespace: seedNamespace },
      sshPublicKey: expect.stringMatching(/^c3NoLXJzY/),
      providerConfig: shoot.spec.provider.infrastructureConfig,
    });
    expect(infrastructure.metadata.annotations?.['gardener.cloud/timestamp']).toMatch(/^\d{4}-.*Z$/);
    expect(shoot.status).toMatchObject({
      technicalID: seedNamespace,
      uid: shoot.metadata.uid,
      seedName: 'local',
      lastOperation: { type: 'Create', state: 'Processing' },
    });
    expect(shoot.metadata.finalizers).toContain('gardener');
  });

  test('namespace, Cluster and credentials are there', async () => {
    const shoot = await readShoot();
    const namespace = await get(namespaces, { name: seedNamespace });
    expect(namespace.metadata.labels).toMatchObject({
      'gardener.cloud/role': 'shoot',
      'seed.gardener.cloud/provider': 'metal',
      'shoot.gardener.cloud/provider': 'metal',
      'networking.shoot.gardener.cloud/provider': 'calico',
      'backup.gardener.cloud/provider': 'metal',
      'high-availability-config.resources.gardener.cloud/consider': 'true',
    });
    expect(namespace.metadata.annotations?.['shoot.gardener.cloud/uid']).toBe(shoot.metadata.uid);
    const cluster = await get(clusters, { name: seedNamespace });
    const core = { apiVersion: 'core.gardener.cloud/v1beta1' };
    expect(cluster.spec).toMatchObject({
      shoot: { ...core, kind: 'Shoot', metadata: { uid: shoot.metadata.uid }, status: { technicalID: seedNamespace } },
      seed: { ...core, kind: 'Seed', metadata: { name: 'local' } },
      cloudProfile: { ...core, kind: 'CloudProfile', metadata: { name: 'metal' } },
    });
    expect(JSON.stringify(cluster.spec)).not.toContain('managedFields');
    const secret = await get(secrets, { namespace: seedNamespace, name: 'cloudprovider' });
    expect(secret.metadata.labels).toEqual({ 'gardener.cloud/purpose': 'cloudprovider' });
    expect(secret.data).toEqual({ metalAPIHMac: base64('first-key') });
  });

  test('credentials that change are copied while the Infrastructure is waited for', async () => {
    const rotated = { ...values, metalApiHmac: 'second-key' };
    await applyExample(client, 'credentials.yaml', rotated, signal);
    await until('copied', async () => {
      const secret = await get(secrets, { namespace: seedNamespace, name: 'cloudprovider' });
      return secret.data?.metalAPIHMac === base64('second-key');
    });
  });

  test('a ready Infrastructure makes the Shoot succeed, with its networks', async () => {
    await answer({ nodesCIDR: '10.128.0.0/22', egressCIDRs: ['203.0.113.10/32'] });
    const shoot = await shootIs(
      'settled',
      ({ status, metadata }) =>
        status?.lastOperation?.state === 'Succeeded' && status.observedGeneration === metadata.generation,
    );
    expect(shoot.spec.networking?.nodes).toBe('10.128.0.0/22');
    expect(shoot.status?.networking).toEqual({
      nodes: ['10.128.0.0/22'],
      pods: ['10.240.0.0/13'],
      services: ['10.248.0.0/18'],
      egressCIDRs: ['203.0.113.10/32'],
    });
    expect(shoot.status?.lastOperation?.progress).toBe(100);
    expect(shoot.metadata.annotations?.['shoot.gardener.cloud/tasks']).toBeUndefined();
    const infrastructure = await get(infrastructures, infrastructureKey);
    expect(readiness(infrastructure)).toEqual({ ready: true });
    await until('the Cluster knows', async () => {
      const cluster = await get(clusters, { name: seedNamespace });
      const { spec, status } = cluster.spec.shoot as typeof shoot;
      return spec.networking?.nodes === '10.128.0.0/22' && status?.lastOperation?.state === 'Succeeded';
    });
    expect(events.filter((event) => event.type === 'progress' && event.settled)).not.toHaveLength(0);
  });

  test('after a restart a settled Shoot is left alone', async () => {
    await stopGardenlet();
    const versions = async () => {
      const objects = [
        await readShoot(),
        await get(infrastructures, infrastructureKey),
        await get(clusters, { name: seedNamespace }),
        await get(namespaces, { name: seedNamespace }),
      ];
      return objects.map(({ metadata }) => metadata.resourceVersion);
    };
    const before = await versions();
    startGardenlet();
    await applyExample(client, 'credentials.yaml', { ...values, metalApiHmac: 'third-key' }, signal);
    await until('copied', async () => {
      const secret = await get(secrets, { namespace: seedNamespace, name: 'cloudprovider' });
      return secret.data?.metalAPIHMac === base64('third-key');
    });
    expect(await versions()).toEqual(before);
  });

  test('a changed infrastructureConfig is asked for; an error that cannot be cured fails the Shoot', async () => {
    const firewall = { logAcceptedConnections: true };
    await client.mergePatch(shoots, shootKey, { spec: { provider: { infrastructureConfig: { firewall } } } });
    const infrastructure = await asked();
    expect(infrastructure.spec.providerConfig).toMatchObject({ firewall });
    const lastOperation = { type: 'Reconcile', state: 'Error', progress: 50, description: 'no access' };
    const codes = ['ERR_INFRA_UNAUTHORIZED'];
    await answer({
      lastOperation: { ...lastOperation, lastUpdateTime: toTime(Date.now()) },
      lastError: { description: 'no access', codes },
    });
    const shoot = await shootIs('Failed', ({ status }) => status?.lastOperation?.state === 'Failed');
    expect(shoot.status?.lastErrors).toMatchObject([
      { codes, taskID: 'Waiting until the Infrastructure is ready', description: expect.stringContaining('no access') },
    ]);
    await until('the Cluster knows', async () => {
      const cluster = await get(clusters, { name: seedNamespace });
      return (cluster.spec.shoot as typeof shoot).status?.lastOperation?.state === 'Failed';
    });
  });

  test('the annotation retry brings a failed Shoot back, also across a restart of gardenlet', async () => {
    await stopGardenlet();
    await annotate({ 'gardener.cloud/operation': 'retry' });
    startGardenlet();
    const before = timestamp(await asked());
    await stopGardenlet();
    startGardenlet();
    await until('asked again', async () => timestamp(await asked()) !== before);
    await answer({}, infrastructureKey, 'Reconcile');
    const shoot = await shootIs('Succeeded', ({ status }) => status?.lastOperation?.state === 'Succeeded');
    expect(shoot.status?.lastErrors).toBeUndefined();
  });

  test('the Infrastructure moves to another seed and back', async () => {
    const key = { namespace: 'default', name: 'migrating' };
    const waiting = {
      client,
      clock: systemClock,
      signal,
      settings: { intervalMs: 50, severeAfterMs: 0, timeoutMs: 20_000 },
    };
    const shoot = await readShoot();
    const config = { infrastructureConfig: shoot.spec.provider.infrastructureConfig };
    const wanted = infrastructureObject(
      key.namespace,
      { ...shoot, metadata: { ...shoot.metadata, name: key.name } },
      config,
    );
    const restored = restoreExtension(waiting, { ...key, resource: infrastructures }, wanted, {
      state: { network: 'n1' },
    });
    expect((await asked(key, 'restore')).status?.state).toEqual({ network: 'n1' });
    await answer({}, key, 'Restore');
    await restored;
    const migrated = migrateExtension(waiting, { ...key, resource: infrastructures });
    await asked(key, 'migrate');
    await answer({}, key, 'Migrate');
    expect(await migrated).toEqual({ state: { network: 'n1' } });
    expect(await client.find(infrastructures, key)).toBeUndefined();
  });

  test('Gardener asks for a confirmation before it deletes', async () => {
    await expect(client.delete(shoots, shootKey)).rejects.toThrow(/confirmation\.gardener\.cloud\/deletion/);
  });

  test('a deletion goes all the way, and waits for the extension', async () => {
    const finalizers = { metadata: { finalizers: ['extensions.gardener.cloud/infrastructure'] } };
    await client.mergePatch(infrastructures, infrastructureKey, finalizers);
    await annotate({ 'confirmation.gardener.cloud/deletion': 'true' });
    await client.delete(shoots, shootKey);
    const deleting = await until('deletion of the Infrastructure', async () => {
      const found = await get(infrastructures, infrastructureKey);
      return found.metadata.deletionTimestamp !== undefined && found;
    });
    expect(deleting.metadata.annotations?.['confirmation.gardener.cloud/deletion']).toBe('true');
    expect((await readShoot()).status?.lastOperation).toMatchObject({ type: 'Delete', state: 'Processing' });
    await client.mergePatch(infrastructures, infrastructureKey, { metadata: { finalizers: null } });
    await until('the Shoot is gone', async () => (await client.find(shoots, shootKey)) === undefined);
    expect(await client.find(namespaces, { name: seedNamespace })).toBeUndefined();
    expect(await client.find(clusters, { name: seedNamespace })).toBeUndefined();
    expect((await client.list(secrets, { namespace: seedNamespace })).items).toEqual([]);
  });

  test('a Shoot that is deleted while it is created does not wait for what is not wanted any more', async () => {
    await applyExample(client, 'shoot-ipv6.yaml', values, signal);
    const key = { namespace: 'shoot--local--example-ipv6', name: 'example-ipv6' };
    await asked(key);
    const own = { ...shootKey, name: 'example-ipv6' };
    const annotations = { 'confirmation.gardener.cloud/deletion': 'true' };
    await client.mergePatch(shoots, own, { metadata: { annotations } });
    await client.delete(shoots, own);
    await until('the Shoot is gone', async () => (await client.find(shoots, own)) === undefined);
    expect(await client.find(namespaces, { name: key.namespace })).toBeUndefined();
  });

  test('force deletion reaches the extension through the Cluster, also when the Shoot has failed', async () => {
    await applyExample(client, 'shoot-ipv6.yaml', values, signal);
    const key = { namespace: 'shoot--local--example-ipv6', name: 'example-ipv6' };
    const own = { ...shootKey, name: 'example-ipv6' };
    const read = () => get(shoots, own);
    await asked(key);
    const finalizers = { metadata: { finalizers: ['extensions.gardener.cloud/infrastructure'] } };
    await client.mergePatch(infrastructures, key, finalizers);
    await answer({ lastError: { description: 'denied', codes: ['ERR_INFRA_UNAUTHORIZED'] } }, key);
    await until('Failed', async () => (await read()).status?.lastOperation?.state === 'Failed');
    await client.mergePatch(shoots, own, {
      metadata: { annotations: { 'confirmation.gardener.cloud/deletion': 'true' } },
    });
    await client.delete(shoots, own);
    await until('deletion', async () => (await get(infrastructures, key)).metadata.deletionTimestamp);
    const force = { 'confirmation.gardener.cloud/force-deletion': 'true' };
    await client.mergePatch(shoots, own, { metadata: { annotations: force } });
    await until('the Cluster knows', async () => {
      const { shoot } = (await get(clusters, { name: key.namespace })).spec as { shoot: KubeObject };
      return shoot.metadata.annotations?.['confirmation.gardener.cloud/force-deletion'] === 'true';
    });
    await client.mergePatch(infrastructures, key, { metadata: { finalizers: null } });
    await until('the Shoot is gone', async () => (await client.find(shoots, own)) === undefined);
  });
});
