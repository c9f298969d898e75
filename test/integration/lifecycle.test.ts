import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readiness } from '../../landscape/gardenlet/readiness.ts';
import type { Infrastructure } from '../../src/apis/extensions/infrastructure.ts';
import { clusters, infrastructures } from '../../src/apis/extensions/resources.ts';
import { infrastructureKind } from '../../src/controllers/infrastructure/kind.ts';
import { createExtensionController } from '../../src/controllers/lifecycle/controller.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { OperationError } from '../../src/providers/errors.ts';
import type { Actuator, Operation, Outcome } from '../../src/providers/provider.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { eventually } from '../scene/eventually.ts';
import { createShoot, type TestShoot } from '../scene/shoot.ts';

type Step = (operation: Operation<Infrastructure>) => Promise<Outcome<Infrastructure>>;

/** An actuator whose steps each test sets; what is called is written down. */
function scripted() {
  const calls: string[] = [];
  const steps: Partial<Record<keyof Actuator<Infrastructure>, Step>> = {};
  const play =
    (name: keyof Actuator<Infrastructure>): Step =>
    async (operation) => {
      calls.push(`${name} ${operation.object.metadata.namespace}`);
      return (await steps[name]?.(operation)) ?? {};
    };
  const actuator: Actuator<Infrastructure> = {
    reconcile: play('reconcile'),
    delete: play('delete'),
    forceDelete: play('forceDelete'),
    migrate: play('migrate'),
    restore: play('restore'),
  };
  return {
    actuator,
    steps,
    of: (shoot: TestShoot) =>
      calls.filter((call) => call.endsWith(` ${shoot.namespace}`)).map((call) => call.split(' ')[0]),
  };
}

const type = `lifecycle-${process.pid}`;
const script = scripted();
const stop = new AbortController();
let client: ClosableKubeClient;
const running: Promise<unknown>[] = [];
const events: string[] = [];

function startController(type: string, until = stop.signal): Promise<unknown> {
  const controller = createExtensionController({
    kind: infrastructureKind,
    type,
    classes: ['shoot'],
    actuator: script.actuator,
    workers: 5,
    ignoreOperationAnnotation: false,
    client,
    recorder: {
      event: (object, _, reason) => void events.push(`${reason} ${object.metadata.namespace}`),
      drain: () => Promise.resolve(),
    },
    clock: systemClock,
    log: createLogger({ name: 'test', level: 'error', format: 'text', destination: { write: () => true } }),
  });
  return Promise.all([controller.lead(until), ...controller.informers.map((informer) => informer.run(until))]);
}

beforeAll(() => {
  client = createKubeClient({ kubeconfig: inject('kubeconfig') });
  running.push(startController(type));
});

afterAll(async () => {
  stop.abort();
  await Promise.all(running);
  await client.close();
});

const finalizer = 'extensions.gardener.cloud/infrastructure';
const get = (shoot: TestShoot) => client.get(infrastructures, shoot.key);
const ready = (shoot: TestShoot) =>
  eventually(async () => {
    const state = readiness(await get(shoot), shoot.timestamp);
    if (!state.ready) throw new Error(state.reason);
  });
const gone = (shoot: TestShoot) =>
  eventually(async () => {
    if (await client.find(infrastructures, shoot.key)) throw new Error('still there');
  });

describe('reconcile', () => {
  it('makes a new object ready as gardenlet wants it', async () => {
    script.steps.reconcile = async () => ({ status: { nodesCIDR: '10.1.0.0/22', providerStatus: { kind: 'X' } } });
    const shoot = await createShoot(client, { type });
    await ready(shoot);
    const object = await get(shoot);
    expect(object.metadata.finalizers).toEqual([finalizer]);
    expect(object.metadata.annotations).toEqual({ 'gardener.cloud/timestamp': shoot.timestamp });
    expect(object.status).toMatchObject({
      nodesCIDR: '10.1.0.0/22',
      providerStatus: { kind: 'X' },
      observedGeneration: 1,
      lastOperation: { type: 'Create', state: 'Succeeded', progress: 100 },
    });
    expect(script.of(shoot)).toEqual(['reconcile']);
  });

  it('follows the annotation and not the spec, and keeps what others wrote into the status', async () => {
    script.steps.reconcile = async () => ({});
    const shoot = await createShoot(client, { type });
    await ready(shoot);
    await client.mergePatch(
      infrastructures,
      shoot.key,
      { status: { egressCIDRs: ['203.0.113.1/32'] } },
      { subresource: 'status' },
    );
    await client.mergePatch(infrastructures, shoot.key, { spec: { sshPublicKey: 'c3No' } });
    await shoot.ask('reconcile');
    await ready(shoot);
    expect(script.of(shoot)).toEqual(['reconcile', 'reconcile']);
    const { status } = await get(shoot);
    expect(status).toMatchObject({
      observedGeneration: 2,
      egressCIDRs: ['203.0.113.1/32'],
      lastOperation: { type: 'Reconcile' },
    });
  });

  it('shows an error with its codes, tries again, and clears it', async () => {
    let failures = 2;
    script.steps.reconcile = async () => {
      if (failures-- > 0) throw new OperationError('no credentials', { codes: ['ERR_INFRA_UNAUTHENTICATED'] });
      return {};
    };
    const shoot = await createShoot(client, { type });
    await eventually(async () => {
      expect((await get(shoot)).status?.lastError).toMatchObject({
        description: 'Error creating infrastructure: no credentials',
        codes: ['ERR_INFRA_UNAUTHENTICATED'],
      });
    });
    await ready(shoot);
    const { status } = await get(shoot);
    expect(status?.lastError).toBeUndefined();
    expect(status?.lastOperation?.type).toBe('Create');
    expect(events.filter((event) => event.endsWith(shoot.namespace))).toEqual([
      `CreateError ${shoot.namespace}`,
      `CreateError ${shoot.namespace}`,
      `Recovered ${shoot.namespace}`,
    ]);
  });

  it('does not claim to have observed a spec that changed while it ran', async () => {
    const shoot = await createShoot(client, { type, annotations: { 'gardener.cloud/operation': 'wait-for-state' } });
    script.steps.reconcile = async ({ object }) => {
      if (object.metadata.generation === 1)
        await client.mergePatch(infrastructures, shoot.key, { spec: { sshPublicKey: 'c3No' } });
      return {};
    };
    await shoot.ask('reconcile');
    await eventually(async () => expect((await get(shoot)).status?.lastOperation?.state).toBe('Succeeded'));
    expect((await get(shoot)).status?.observedGeneration).toBe(1);
    await shoot.ask('reconcile');
    await ready(shoot);
  });

  it('is never taken for ready while a request of the same second is worked on, and serves one that comes meanwhile', async () => {
    script.steps.reconcile = async () => ({});
    const shoot = await createShoot(client, { type });
    await ready(shoot);
    const working = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    script.steps.reconcile = async () => {
      working.resolve();
      await release.promise;
      return {};
    };
    await client.mergePatch(infrastructures, shoot.key, {
      metadata: { annotations: { 'gardener.cloud/operation': 'reconcile' } },
    });
    await working.promise;
    expect(readiness(await get(shoot), shoot.timestamp).ready).toBe(false);
    await shoot.ask('reconcile');
    release.resolve();
    await ready(shoot);
    await eventually(() => expect(script.of(shoot)).toEqual(['reconcile', 'reconcile', 'reconcile']));
  });

  it('runs again when the actuator asks for it although it succeeded', async () => {
    let runs = 0;
    script.steps.reconcile = async () => (++runs === 1 ? { requeueAfterMs: 10 } : {});
    const shoot = await createShoot(client, { type });
    await eventually(() => expect(script.of(shoot)).toEqual(['reconcile', 'reconcile']));
    await ready(shoot);
    expect((await get(shoot)).status?.lastOperation?.progress).toBe(100);
  });

  it('says once that something is left, however often it looks', async () => {
    const more = Promise.withResolvers<void>();
    let looks = 0;
    script.steps.reconcile = async () => {
      if (++looks > 10) await more.promise;
      return { requeueAfterMs: 1 };
    };
    const shoot = await createShoot(client, { type });
    await ready(shoot);
    await eventually(() => expect(looks).toBeGreaterThan(2));
    const { resourceVersion } = (await get(shoot)).metadata;
    await eventually(() => expect(looks).toBeGreaterThan(10));
    expect((await get(shoot)).metadata.resourceVersion).toBe(resourceVersion);
    script.steps.reconcile = async () => ({});
    more.resolve();
    await eventually(async () => expect((await get(shoot)).status?.lastOperation?.progress).toBe(100));
  });

  it('survives a writer who changes the object all the time', async () => {
    script.steps.reconcile = async () => ({});
    const shoot = await createShoot(client, { type, annotations: { 'gardener.cloud/operation': 'wait-for-state' } });
    let writing = true;
    const writer = (async () => {
      for (let i = 0; writing; i++)
        await client.mergePatch(infrastructures, shoot.key, { metadata: { labels: { i: `${i}` } } });
    })();
    await shoot.ask('reconcile');
    await ready(shoot).finally(() => {
      writing = false;
    });
    await writer;
  });
});

describe('what is left alone', () => {
  it.each([
    ['another type', { type: 'other' }],
    ['another class', { type, class: 'seed' }],
    ['wait-for-state', { type, annotations: { 'gardener.cloud/operation': 'wait-for-state' } }],
    ['a Shoot that has failed', { type, shootState: 'Failed' }],
  ])('%s', async (_, options) => {
    script.steps.reconcile = async () => ({});
    const ignored = await createShoot(client, options);
    const served = await createShoot(client, { type });
    await ready(served);
    const object = await get(ignored);
    expect(object.status).toBeUndefined();
    expect(object.metadata.finalizers).toBeUndefined();
    expect(object.metadata.annotations?.['gardener.cloud/operation']).toBeDefined();
    expect(script.of(ignored)).toEqual([]);
  });

  it('takes up a failed Shoot when gardenlet tries again', async () => {
    script.steps.reconcile = async () => ({});
    const shoot = await createShoot(client, { type, shootState: 'Failed' });
    await client.mergePatch(
      clusters,
      { name: shoot.namespace },
      { spec: { shoot: { status: { lastOperation: { state: 'Processing' } } } } },
    );
    await shoot.ask('reconcile');
    await ready(shoot);
  });
});

describe('delete', () => {
  it('removes the finalizer when the actuator is done, and not before', async () => {
    script.steps.reconcile = async () => ({});
    let failures = 1;
    script.steps.delete = async () => {
      if (failures-- > 0) throw new OperationError('still in use');
      return {};
    };
    const shoot = await createShoot(client, { type });
    await ready(shoot);
    await client.delete(infrastructures, shoot.key);
    await eventually(async () =>
      expect((await get(shoot)).status?.lastError?.description).toBe('Error deleting infrastructure: still in use'),
    );
    await gone(shoot);
    expect(script.of(shoot)).toEqual(['reconcile', 'delete', 'delete']);
  });

  it('takes the short way when the Shoot is force-deleted', async () => {
    script.steps.reconcile = async () => ({});
    script.steps.forceDelete = async () => ({});
    const shoot = await createShoot(client, { type, forceDelete: true });
    await ready(shoot);
    await client.delete(infrastructures, shoot.key);
    await gone(shoot);
    expect(script.of(shoot)).toEqual(['reconcile', 'forceDelete']);
  });
});

describe('control-plane migration', () => {
  it('lets go of the object, and does nothing when gardenlet then deletes it', async () => {
    script.steps.reconcile = async () => ({});
    script.steps.migrate = async () => ({});
    const shoot = await createShoot(client, { type });
    await ready(shoot);
    await client.mergePatch(infrastructures, shoot.key, { metadata: { finalizers: [finalizer, 'example.org/other'] } });
    await shoot.ask('migrate');
    await eventually(async () => {
      const { metadata, status } = await get(shoot);
      expect(status?.lastOperation).toMatchObject({ type: 'Migrate', state: 'Succeeded' });
      expect(metadata.finalizers).toEqual(['example.org/other']);
      expect(metadata.annotations?.['gardener.cloud/operation']).toBeUndefined();
    });
    await client.delete(infrastructures, shoot.key);
    await client.mergePatch(infrastructures, shoot.key, { metadata: { finalizers: null } });
    await gone(shoot);
    expect(script.of(shoot)).toEqual(['reconcile', 'migrate']);
  });

  it('restores from the state that gardenlet put there', async () => {
    script.steps.restore = async ({ object }) => ({
      status: { nodesCIDR: (object.status?.state as { cidr: string } | undefined)?.cidr ?? null },
    });
    const shoot = await createShoot(client, { type, annotations: { 'gardener.cloud/operation': 'wait-for-state' } });
    await client.mergePatch(
      infrastructures,
      shoot.key,
      { status: { state: { cidr: '10.2.0.0/22' } } },
      { subresource: 'status' },
    );
    await shoot.ask('restore');
    await ready(shoot);
    const { metadata, status } = await get(shoot);
    expect(status).toMatchObject({
      nodesCIDR: '10.2.0.0/22',
      state: { cidr: '10.2.0.0/22' },
      lastOperation: { type: 'Restore' },
    });
    expect(metadata.finalizers).toEqual([finalizer]);
    expect(script.of(shoot)).toEqual(['restore']);
  });
});

describe('after a crash', () => {
  it('finishes a request whose annotation had been taken but whose status had not been written', async () => {
    script.steps.reconcile = async () => ({});
    const crashed = `crashed-${type}`;
    const answered = await createShoot(client, { type: crashed, annotations: {} });
    const taken = await createShoot(client, { type: crashed, annotations: {} });
    for (const shoot of [answered, taken]) {
      const lastOperation = { type: 'Create', state: 'Succeeded', progress: 100, description: '' };
      const status = {
        observedGeneration: 1,
        lastOperation: { ...lastOperation, lastUpdateTime: '2026-01-02T03:04:05Z' },
      };
      await client.mergePatch(infrastructures, shoot.key, { status }, { subresource: 'status' });
    }
    const annotations = { 'gardener.cloud/timestamp': taken.timestamp };
    await client.mergePatch(infrastructures, taken.key, { metadata: { annotations } });

    running.push(startController(crashed));
    await ready(taken);
    expect(script.of(taken)).toEqual(['reconcile']);
    expect(script.of(answered)).toEqual([]);
  });

  it('goes on with what a success has left for later', async () => {
    const crashed = `unfinished-${type}`;
    script.steps.reconcile = async () => ({ requeueAfterMs: 3_600_000 });
    const first = new AbortController();
    const before = startController(crashed, first.signal);
    const shoot = await createShoot(client, { type: crashed });
    await ready(shoot);
    first.abort();
    await before;

    script.steps.reconcile = async () => ({});
    running.push(startController(crashed));
    await eventually(async () => expect((await get(shoot)).status?.lastOperation?.progress).toBe(100));
    expect(script.of(shoot)).toEqual(['reconcile', 'reconcile']);
  });
});
