import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { readiness } from '../../landscape/gardenlet/readiness.ts';
import { freePort } from '../../landscape/processes/ports.ts';
import { startProcess } from '../../landscape/processes/process.ts';
import { workers } from '../../src/apis/extensions/resources.ts';
import { machineClasses, machineDeployments, machineSets, machines } from '../../src/apis/machine/machine.ts';
import { createWorkerController } from '../../src/controllers/worker/controller.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { createKubeClient } from '../../src/kube/http-client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { eventually } from '../scene/eventually.ts';
import { silent } from './kube-kit.ts';
import { createDriver, createWorkerShoot, pool } from './worker-stage.ts';

const type = `worker-mcm-${process.pid}`;

/** The real program; only what a machine controller does is played. */
async function startManager(kubeconfig: string, namespace: string) {
  return startProcess({
    name: 'machine-controller-manager',
    command: inject('parts')['machine-controller-manager'],
    args: [
      `--control-kubeconfig=${kubeconfig}`,
      `--target-kubeconfig=${kubeconfig}`,
      `--namespace=${namespace}`,
      `--port=${await freePort()}`,
      '--leader-elect=false',
      '--v=3',
    ],
    logFile: join(inject('landscapeDir'), `${namespace}-mcm.log`),
  });
}

it('gets on with the real machine-controller-manager: creates, writes nothing more, rolls, deletes', async () => {
  const client = createKubeClient({ kubeconfig: inject('kubeconfig') });
  const stop = new AbortController();
  const controller = createWorkerController({
    driver: createDriver().driver,
    type,
    classes: ['shoot'],
    workers: 1,
    ignoreOperationAnnotation: false,
    client,
    recorder: { event: () => undefined, drain: () => Promise.resolve() },
    clock: systemClock,
    log: silent,
  });
  const running = [controller.lead(stop.signal), ...controller.informers.map((one) => one.run(stop.signal))];
  const shoot = await createWorkerShoot(client, { type, pools: [pool({ zones: ['a', 'b'] })], machinesOnly: true });
  await using _ = await startManager(inject('kubeconfig'), shoot.namespace);
  const { namespace, key } = shoot;
  const list = async <T extends KubeObject>(resource: Resource<T>) =>
    (await client.list(resource, { namespace })).items;
  const ready = () =>
    eventually(async () => {
      const state = readiness(await client.get(workers, key), shoot.timestamp);
      if (!state.ready) throw new Error(state.reason);
    }, 50_000);
  const generations = async () =>
    [...(await list(machineDeployments)), ...(await list(machineClasses))].map(
      ({ metadata }) => `${metadata.name} ${metadata.generation}`,
    );

  await ready();
  expect(await list(machines)).toHaveLength(2);
  const before = await generations();
  await shoot.ask('reconcile');
  await ready();
  expect(await generations()).toEqual(before);

  const classes = async () => (await list(machineClasses)).map(({ metadata }) => metadata.name);
  const old = await classes();
  await shoot.setPools(pool({ zones: ['a', 'b'], nodeAgentSecretName: 'agent-2' }));
  await shoot.ask('reconcile');
  await ready();
  await eventually(async () => {
    const now = await classes();
    expect(now).toHaveLength(2);
    expect(now.filter((name) => old.includes(name))).toEqual([]);
  });
  expect(new Set((await list(machines)).map(({ spec }) => spec.class.name))).toEqual(new Set(await classes()));

  await client.delete(workers, key);
  await eventually(async () => expect(await client.find(workers, key)).toBeUndefined(), 50_000);
  for (const resource of [machines, machineSets, machineDeployments, machineClasses] as Resource[]) {
    expect(await list(resource)).toEqual([]);
  }
  await shoot.manager.stop();
  stop.abort();
  await Promise.all(running);
  await client.close();
}, 120_000);
