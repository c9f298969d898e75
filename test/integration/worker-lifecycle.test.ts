import { afterAll, afterEach, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { readiness } from '../../landscape/gardenlet/readiness.ts';
import { workers } from '../../src/apis/extensions/resources.ts';
import type { Worker } from '../../src/apis/extensions/worker.ts';
import {
  type Machine,
  type MachineSet,
  machineClasses,
  machineDeployments,
  machineSets,
  machines,
} from '../../src/apis/machine/machine.ts';
import { createWorkerActuator } from '../../src/controllers/worker/actuator.ts';
import { createMachineCaches, type MachineCaches } from '../../src/controllers/worker/caches.ts';
import { createWorkerController } from '../../src/controllers/worker/controller.ts';
import { encodeMachineState } from '../../src/controllers/worker/machine-state.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { secrets } from '../../src/kube/secret.ts';
import type { Operation } from '../../src/providers/provider.ts';
import { eventually } from '../scene/eventually.ts';
import { inParallel, range, silent } from './kube-kit.ts';
import { deployments } from './machine-manager.ts';
import { createDriver, createWorkerShoot, pool, type WorkerShoot } from './worker-stage.ts';

/** Of the pools of this file. */
const agentHash = '994c0';
const type = `worker-${process.pid}`;
const stage = createDriver();
const stop = new AbortController();
const running: Promise<unknown>[] = [];
const shoots: WorkerShoot[] = [];
const writes: string[] = [];
let client: ClosableKubeClient;
let caches: MachineCaches;

/** Writes of the controller, as `verb plural/namespace/name`. */
function recorded(inner: KubeClient, before: (call: string) => void): KubeClient {
  const noted =
    (verb: 'create' | 'mergePatch' | 'jsonPatch' | 'delete' | 'deleteCollection') =>
    (resource: Resource, target: KubeObject | { namespace?: string; name?: string }, ...rest: unknown[]) => {
      const { namespace, name = '' } = 'metadata' in target ? target.metadata : target;
      before(`${verb} ${resource.plural}/${namespace}/${name}`);
      return (inner[verb] as (...all: unknown[]) => Promise<never>)(resource, target, ...rest);
    };
  return {
    ...inner,
    create: noted('create') as KubeClient['create'],
    mergePatch: noted('mergePatch') as KubeClient['mergePatch'],
    jsonPatch: noted('jsonPatch') as KubeClient['jsonPatch'],
    delete: noted('delete') as KubeClient['delete'],
    deleteCollection: noted('deleteCollection') as KubeClient['deleteCollection'],
  };
}

beforeAll(async () => {
  client = createKubeClient({ kubeconfig: inject('kubeconfig') });
  const controller = createWorkerController({
    driver: stage.driver,
    type,
    classes: ['shoot'],
    workers: 1,
    ignoreOperationAnnotation: false,
    client: recorded(client, (call) => writes.push(call)),
    recorder: { event: () => undefined, drain: () => Promise.resolve() },
    clock: systemClock,
    log: silent,
  });
  caches = createMachineCaches({ client, clock: systemClock, log: silent });
  running.push(controller.lead(stop.signal));
  for (const informer of [...controller.informers, ...caches.informers]) running.push(informer.run(stop.signal));
  await Promise.all(caches.informers.map((informer) => informer.waitForSync(stop.signal)));
});

afterEach(async () => {
  await Promise.all(shoots.splice(0).map(({ manager }) => manager.stop()));
});

afterAll(async () => {
  stop.abort();
  await Promise.all(running);
  await client.close();
});

async function create(options: Omit<Parameters<typeof createWorkerShoot>[1], 'type'> = {}): Promise<WorkerShoot> {
  const shoot = await createWorkerShoot(client, { type, ...options });
  shoots.push(shoot);
  return shoot;
}

const get = (shoot: WorkerShoot) => client.get(workers, shoot.key);
const list = async <T extends KubeObject>(resource: Resource<T>, { namespace }: WorkerShoot): Promise<T[]> =>
  (await client.list(resource, { namespace })).items;
const names = async (resource: Resource, shoot: WorkerShoot): Promise<string[]> =>
  (await list(resource, shoot)).map(({ metadata }) => metadata.name).sort();
const classSecrets = async (shoot: WorkerShoot) =>
  (await client.list(secrets, { namespace: shoot.namespace, labelSelector: 'gardener.cloud/purpose=machineclass' }))
    .items;
const ready = (shoot: WorkerShoot) =>
  eventually(async () => {
    const state = readiness(await get(shoot), shoot.timestamp);
    if (!state.ready) throw new Error(state.reason);
  });
const reconciled = async (shoot: WorkerShoot): Promise<Worker> => {
  await shoot.ask('reconcile');
  await ready(shoot);
  return get(shoot);
};

describe('reconcile', () => {
  it('makes machines, and is ready when they are', async () => {
    const shoot = await create({ pools: [pool({ zones: ['a', 'b'], minimum: 3, maximum: 5, priority: 7 })] });
    await ready(shoot);
    const { status } = await get(shoot);
    const names = [1, 2].map((zone) => `${shoot.namespace}-pool-z${zone}`);
    expect(status?.machineDeployments).toEqual([
      { name: names[0], minimum: 2, maximum: 3, priority: 7 },
      { name: names[1], minimum: 1, maximum: 2, priority: 7 },
    ]);
    expect(status?.providerStatus).toEqual({ kind: 'WorkerStatus', image: 'image-1' });
    expect(Date.parse(status?.machineDeploymentsLastUpdateTime ?? '')).toBeGreaterThan(0);
    expect(await list(machines, shoot)).toHaveLength(3);
    const [deployment] = await list(machineDeployments, shoot);
    expect(deployment?.metadata.labels).toEqual({ 'worker.gardener.cloud/pool': 'pool' });
    expect(deployment?.spec).toMatchObject({
      replicas: 2,
      minReadySeconds: 500,
      selector: { matchLabels: { name: names[0] } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels: { name: names[0] } },
        spec: {
          drainTimeout: '1h0m0s',
          nodeConditions: 'A,B',
          nodeTemplate: { spec: { taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] } },
        },
      },
    });
    const [secret] = await classSecrets(shoot);
    expect(secret?.data).toEqual({ userData: btoa('user data'), token: btoa('token') });
    expect(secret?.metadata.labels).toEqual({
      'gardener.cloud/purpose': 'machineclass',
      'garden.sapcloud.io/purpose': 'machineclass',
    });
    expect(secret?.metadata.name).toBe(deployment?.spec.template.spec.class.name);
    expect(stage.of(shoot.namespace)).toEqual(['beforeReconcile', 'afterReconcile']);
  });

  it('writes only its own status when nothing has changed, and what the autoscaler set stays', async () => {
    const shoot = await create({ pools: [pool({ minimum: 1, maximum: 4, maxUnavailable: '25%' })] });
    await ready(shoot);
    const [deployment] = await list(machineDeployments, shoot);
    await client.mergePatch(machineDeployments, deployment?.metadata ?? { name: '' }, { spec: { replicas: 3 } });
    await eventually(async () => expect(await list(machines, shoot)).toHaveLength(3));
    const before = await reconciled(shoot);
    writes.length = 0;
    const after = await reconciled(shoot);
    // Which one is first depends on whether request and last success lie in one second.
    expect(writes.filter((call) => call.includes(shoot.namespace)).sort()).toEqual([
      `jsonPatch workers/${shoot.namespace}/worker`,
      `mergePatch workers/${shoot.namespace}/worker`,
    ]);
    expect((await list(machineDeployments, shoot))[0]?.spec.replicas).toBe(3);
    const time = ({ status }: Worker) => Date.parse(status?.machineDeploymentsLastUpdateTime ?? '');
    expect(time(after)).toBeGreaterThan(time(before));
  });

  it('takes user data over into the class that is there', async () => {
    const shoot = await create();
    await ready(shoot);
    const data = { cloud_config: btoa('newer') };
    await client.mergePatch(secrets, { namespace: shoot.namespace, name: 'osc' }, { data });
    const before = await names(machineClasses, shoot);
    await reconciled(shoot);
    expect(await names(machineClasses, shoot)).toEqual(before);
    expect((await classSecrets(shoot))[0]?.data?.userData).toBe(btoa('newer'));
  });

  it('rolls the machines when the hash changes, and takes the old class away', async () => {
    const shoot = await create();
    await ready(shoot);
    const [before] = await names(machineClasses, shoot);
    await shoot.setPools(pool({ nodeAgentSecretName: 'agent-2' }));
    await reconciled(shoot);
    await eventually(async () => {
      const after = await names(machineClasses, shoot);
      expect(after).toHaveLength(1);
      expect(after).not.toContain(before);
      expect((await classSecrets(shoot)).map(({ metadata }) => metadata.name)).toEqual(after);
    });
    const left = await list(machines, shoot);
    expect(left.filter(({ metadata }) => !metadata.deletionTimestamp)).toHaveLength(2);
    expect(new Set(left.map(({ spec }) => spec.class.name))).not.toContain(before);
  });

  it('removes a pool, and takes a class Secret with the former label only for its own', async () => {
    const shoot = await create({ pools: [pool(), pool({ name: 'other' })] });
    const legacy = {
      namespace: shoot.namespace,
      name: `${shoot.namespace}-old-00000`,
      labels: { 'garden.sapcloud.io/purpose': 'machineclass' },
    };
    await client.create(secrets, { metadata: legacy });
    await ready(shoot);
    await eventually(async () => expect(await client.find(secrets, legacy)).toBeUndefined());
    await shoot.setPools(pool());
    await reconciled(shoot);
    expect(await names(machineDeployments, shoot)).toEqual([`${shoot.namespace}-pool`]);
    expect((await list(machines, shoot)).length).toBe(2);
    await shoot.setPools(pool(), pool({ name: 'other' }));
    await reconciled(shoot);
    expect(await names(machineDeployments, shoot)).toEqual([`${shoot.namespace}-other`, `${shoot.namespace}-pool`]);
  });

  it('puts the machines to sleep and machine-controller-manager with them, and wakes them', async () => {
    const shoot = await create({ pools: [pool({ minimum: 1, maximum: 3 })] });
    await ready(shoot);
    await shoot.hibernate(true);
    await reconciled(shoot);
    expect(await list(machines, shoot)).toEqual([]);
    const manager = { namespace: shoot.namespace, name: 'machine-controller-manager' };
    expect(await client.get(deployments, manager)).toMatchObject({ spec: { replicas: 0 } });
    expect((await list(machineDeployments, shoot))[0]?.spec.replicas).toBe(0);
    await shoot.hibernate(false);
    await shoot.scaleManager(1);
    await reconciled(shoot);
    expect(await list(machines, shoot)).toHaveLength(1);
  });

  it('reports a machine that failed with its code, and goes on when it is replaced', async () => {
    const shoot = await create({ annotations: { 'gardener.cloud/operation': 'wait-for-state' } });
    const name = `${shoot.namespace}-pool`;
    shoot.manager.failing.set(name, 'there is no stock');
    await shoot.ask('reconcile');
    await eventually(async () => {
      expect((await get(shoot)).status?.lastError).toMatchObject({
        description: `Error creating worker: machine(s) failed: "${name}-1": there is no stock`,
        codes: ['ERR_INFRA_RESOURCES_DEPLETED'],
      });
    });
    shoot.manager.failing.clear();
    await ready(shoot);
  });

  it('keeps one worker free while machines are waited for, says what is missing, and follows a newer request', async () => {
    const waiting = await create({ annotations: { 'gardener.cloud/operation': 'wait-for-state' } });
    const name = `${waiting.namespace}-pool`;
    waiting.manager.held.add(name);
    await waiting.ask('reconcile');
    await eventually(async () => {
      const { lastOperation, machineDeploymentsLastUpdateTime } = (await get(waiting)).status ?? {};
      expect(lastOperation?.state).toBe('Processing');
      expect(lastOperation?.description).toContain(`0/2 machine(s) available. ${name}: `);
      expect(machineDeploymentsLastUpdateTime).toBeDefined();
    });
    await ready(await create());
    await waiting.setPools(pool({ minimum: 1, maximum: 1 }));
    await waiting.ask('reconcile');
    await eventually(async () => expect((await list(machineDeployments, waiting))[0]?.spec.replicas).toBe(1));
    waiting.manager.held.clear();
    await ready(waiting);
    expect((await get(waiting)).status?.lastOperation?.type).toBe('Create');

    waiting.manager.held.add(name);
    await waiting.setPools(pool({ minimum: 2, maximum: 2 }));
    await waiting.ask('reconcile');
    await eventually(async () => {
      const { metadata, status } = await get(waiting);
      expect(metadata.annotations).toEqual({ 'gardener.cloud/timestamp': waiting.timestamp });
      expect(status?.lastOperation).toMatchObject({ type: 'Reconcile', state: 'Processing' });
    });
    waiting.manager.held.clear();
    await ready(waiting);
  });

  it('says where user data is missing', async () => {
    const shoot = await create({ pools: [pool({ userDataSecretRef: { name: 'osc', key: 'none' } })] });
    await eventually(async () =>
      expect((await get(shoot)).status?.lastError?.description).toContain('Secret "osc" has no value for "none"'),
    );
  });

  it('updates in place, and notes what a pool has come to', async () => {
    const inPlace = pool({ updateStrategy: 'AutoInPlaceUpdate', kubernetesVersion: '1.33.2' });
    const shoot = await create({ pools: [inPlace] });
    await ready(shoot);
    const [deployment] = await list(machineDeployments, shoot);
    expect(deployment?.spec.strategy).toMatchObject({
      type: 'InPlaceUpdate',
      inPlaceUpdate: { orchestrationType: 'Auto' },
    });
    expect(deployment?.spec.template.metadata?.labels).toMatchObject({ 'worker.gardener.cloud/name': 'worker' });
    expect((await get(shoot)).status?.inPlaceUpdates?.workerPoolToHashMap?.pool).toMatch(/^[0-9a-f]{16}$/);
    await shoot.setPools(pool());
    expect((await reconciled(shoot)).status?.inPlaceUpdates?.workerPoolToHashMap ?? {}).toEqual({});
  });
});

describe('delete', () => {
  const gone = (shoot: WorkerShoot) =>
    eventually(async () => {
      if (await client.find(workers, shoot.key)) throw new Error('still there');
    });

  it('waits for the machines, names them, reports failures, and leaves nothing', async () => {
    const shoot = await create();
    await ready(shoot);
    const [first] = await names(machines, shoot);
    shoot.manager.deletionFailure = 'there is no stock';
    await client.delete(workers, shoot.key);
    await eventually(async () => {
      const { lastError } = (await get(shoot)).status ?? {};
      expect(lastError?.description).toContain(`"${first}"`);
      expect(lastError?.codes).toEqual(['ERR_INFRA_RESOURCES_DEPLETED']);
    });
    expect((await list(machines, shoot)).every(({ metadata }) => metadata.labels?.['force-deletion'] === 'True')).toBe(
      true,
    );
    const failed = await list(machines, shoot);
    shoot.manager.deletionFailure = undefined;
    for (const { metadata } of failed) {
      // It may have gone already.
      await client.mergePatch(machines, metadata, { status: null }, { subresource: 'status' }).catch((error) => {
        if (!isNotFound(error)) throw error;
      });
    }
    await gone(shoot);
    for (const resource of [machines, machineSets, machineDeployments, machineClasses] as Resource[]) {
      expect(await list(resource, shoot)).toEqual([]);
    }
    expect(await classSecrets(shoot)).toEqual([]);
    expect(stage.of(shoot.namespace).at(-1)).toBe('afterDeletion');
  });

  it('is served at once while machines are still waited for', async () => {
    const shoot = await create({ annotations: { 'gardener.cloud/operation': 'wait-for-state' } });
    shoot.manager.held.add(`${shoot.namespace}-pool`);
    await shoot.ask('reconcile');
    await eventually(async () => expect(await list(machines, shoot)).toHaveLength(2));
    await client.delete(workers, shoot.key);
    await gone(shoot);
  });

  it('needs no plan for a Worker without machines', async () => {
    const shoot = await create({ pools: [pool({ userDataSecretRef: { name: 'none', key: 'none' } })] });
    await eventually(async () => expect((await get(shoot)).status?.lastError).toBeDefined());
    await client.delete(workers, shoot.key);
    await gone(shoot);
  });
});

describe('control-plane migration', () => {
  it('leaves the machines, and makes their objects anew before machine-controller-manager runs', async () => {
    const from = await create({ pools: [pool({ minimum: 1, maximum: 4 })] });
    await ready(from);
    const [live] = await list(machineDeployments, from);
    await client.mergePatch(machineDeployments, live?.metadata ?? { name: '' }, { spec: { replicas: 2 } });
    await eventually(async () => expect(await list(machines, from)).toHaveLength(2));
    await from.ask('migrate');
    await eventually(async () =>
      expect((await get(from)).status?.lastOperation).toMatchObject({ type: 'Migrate', state: 'Succeeded' }),
    );
    expect(await list(machines, from)).toHaveLength(2);

    const to = await create({
      pools: [pool({ minimum: 1, maximum: 4 })],
      annotations: { 'gardener.cloud/operation': 'wait-for-state' },
      managerReplicas: 0,
    });
    const manager = { namespace: to.namespace, name: 'machine-controller-manager' };
    const state = await encodeMachineState(await stateOf(from, to));
    await client.mergePatch(workers, to.key, { status: { state } }, { subresource: 'status' });
    await to.ask('restore');
    await eventually(async () =>
      expect(await client.get(deployments, manager)).toMatchObject({ spec: { replicas: 1 } }),
    );
    const expected = (await stateOf(from, to))
      .get(`${to.namespace}-pool`)
      ?.machines.map(({ metadata }) => metadata.name);
    expect(await names(machines, to)).toEqual(expected);
    expect((await list(machineDeployments, to))[0]?.spec.replicas).toBe(2);
    await ready(to);
    expect(await names(machines, to)).toEqual(expected);
    expect((await get(to)).status).toMatchObject({ lastOperation: { type: 'Restore' }, state });
  });

  it('goes on with the class that an operator has pinned', async () => {
    const from = await create();
    await ready(from);
    const to = await create({ annotations: { 'gardener.cloud/operation': 'wait-for-state' }, managerReplicas: 0 });
    const put = await stateOf(from, to);
    const state = await encodeMachineState(put);
    await client.mergePatch(workers, to.key, { status: { state } }, { subresource: 'status' });
    const { settings } = stage;
    Object.assign(settings, { rolling: ['changed'], keepsHash: true });
    onTestFinished(() => void Object.assign(settings, { rolling: [], keepsHash: false }));
    await to.ask('restore');
    await ready(to);
    const { machines: restored = [] } = put.get(`${to.namespace}-pool`) ?? {};
    expect(restored).toHaveLength(2);
    expect(await names(machines, to)).toEqual(restored.map(({ metadata }) => metadata.name));
    expect(await names(machineClasses, to)).toEqual([restored[0]?.spec.class.name]);
  });

  it('says when the state cannot be read', async () => {
    const shoot = await create({ annotations: { 'gardener.cloud/operation': 'wait-for-state' } });
    await client.mergePatch(workers, shoot.key, { status: { state: { state: '?' } } }, { subresource: 'status' });
    await shoot.ask('restore');
    await eventually(async () =>
      expect((await get(shoot)).status?.lastError?.description).toContain('not a machine state'),
    );
    expect(await list(machineDeployments, shoot)).toEqual([]);
  });
});

/** What gardenlet puts away; names are those that the other namespace gives. */
async function stateOf(from: WorkerShoot, to: WorkerShoot) {
  const renamed = <T extends KubeObject>(object: T): T =>
    JSON.parse(JSON.stringify(object).replaceAll(from.namespace, to.namespace));
  const bare = <T extends MachineSet | Machine>({ metadata, spec }: T) => {
    const { name, labels = {}, annotations = {} } = metadata;
    return renamed({ metadata: { name, labels, annotations, namespace: from.namespace }, spec } as T);
  };
  const sets = (await list(machineSets, from)).map(bare<MachineSet>);
  const all = (await list(machines, from)).map(bare<Machine>);
  return new Map([[`${to.namespace}-pool`, { replicas: 2, machineSets: sets, machines: all }]]);
}

describe('a run that is killed at any call', () => {
  type Fault = (when: 'before' | 'after') => void;
  type Step = 'reconcile' | 'delete' | 'restore';

  /** Runs the actuator itself; `fault` is called before and after each call. */
  async function run(shoot: WorkerShoot, step: Step, fault: Fault = () => undefined) {
    const faulty: KubeClient = Object.fromEntries(
      Object.entries(client).map(([name, call]) => [
        name,
        async (...args: unknown[]) => {
          fault('before');
          const answer = await (call as (...all: unknown[]) => Promise<unknown>)(...args);
          fault('after');
          return answer;
        },
      ]),
    ) as unknown as KubeClient;
    const signal = AbortSignal.timeout(20_000);
    const operation: Operation<Worker> = {
      object: await get(shoot),
      cluster: shoot.cluster,
      log: silent,
      signal,
      checkpoint: async (status) =>
        void (await faulty.mergePatch(workers, shoot.key, { status }, { subresource: 'status' })),
      event: () => undefined,
      progress: () => undefined,
      pause: (wait) => wait(signal),
    };
    const actuator = createWorkerActuator({ kube: faulty, clock: systemClock, driver: stage.driver, caches });
    await actuator[step](operation);
  }

  const ends = async (shoot: WorkerShoot) => {
    const [deployments, classes, classSecretObjects, machineObjects] = await Promise.all([
      list(machineDeployments, shoot),
      list(machineClasses, shoot),
      classSecrets(shoot),
      list(machines, shoot),
    ]);
    const state = {
      deployments: deployments.map(({ metadata, spec }) => [metadata.name, metadata.labels, spec]),
      classes: classes.map(({ metadata, providerSpec, secretRef }) => [metadata.name, providerSpec, secretRef]),
      secrets: classSecretObjects.map(({ metadata, data }) => [metadata.name, metadata.labels, data]),
      machines: machineObjects.map(({ spec }) => spec.providerID ?? ''),
    };
    return JSON.stringify(state).replaceAll(shoot.namespace, 'NS');
  };

  const options = {
    pools: [pool({ zones: ['a', 'b'] })],
    annotations: { 'gardener.cloud/operation': 'wait-for-state' },
  };
  const prepare: Record<Step, (shoot: WorkerShoot) => Promise<void>> = {
    reconcile: async () => undefined,
    delete: (shoot) => run(shoot, 'reconcile'),
    async restore(shoot) {
      const { namespace } = shoot;
      const states = [1, 2].map((zone) => {
        const name = `${namespace}-pool-z${zone}`;
        const spec = { class: { kind: 'MachineClass', name: `${name}-${agentHash}` } };
        const labels = { name };
        const set = {
          metadata: { name: `${name}-${agentHash}`, labels },
          spec: { replicas: 1, template: { metadata: { labels }, spec } },
        };
        const machine = {
          metadata: { name: `${name}-${agentHash}-aaaaa`, labels },
          spec: { ...spec, providerID: `test://${zone}` },
        };
        return [name, { replicas: 1, machineSets: [set], machines: [machine] }] as const;
      });
      const state = await encodeMachineState(new Map(states));
      await client.mergePatch(workers, shoot.key, { status: { state } }, { subresource: 'status' });
    },
  };

  it.each<Step>(['reconcile', 'delete', 'restore'])('comes to the same end when it is run again: %s', async (step) => {
    const ofStep = { ...options, managerReplicas: step === 'restore' ? 0 : 1 };
    const undisturbed = await create(ofStep);
    await prepare[step](undisturbed);
    let calls = 0;
    await run(undisturbed, step, (when) => {
      if (when === 'before') calls += 1;
    });
    const expected = await ends(undisturbed);
    expect(calls).toBeGreaterThan(6);
    const kills = range(calls).flatMap((call) => (['before', 'after'] as const).map((mode) => ({ call, mode })));
    await inParallel(kills, async ({ call, mode }) => {
      const shoot = await create(ofStep);
      await prepare[step](shoot);
      let count = 0;
      const kill: Fault = (when) => {
        if (when === mode && count++ === call) throw new Error('killed');
      };
      // How often something is asked for that is waited for differs: the last calls may not be made.
      await run(shoot, step, kill).catch(() => run(shoot, step));
      expect(await ends(shoot), `${mode} call ${call}`).toBe(expected);
      await shoot.manager.stop();
    });
  });
});
