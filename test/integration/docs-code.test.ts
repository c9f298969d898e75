import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { readiness } from '../../landscape/gardenlet/readiness.ts';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import type { Machine, MachineClass } from '../../src/apis/machine/machine.ts';
import { infrastructureKind } from '../../src/controllers/infrastructure/kind.ts';
import { createExtensionController } from '../../src/controllers/lifecycle/controller.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { createFakeLog } from '../../src/kube/fake-log.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import type { MachineDriver } from '../../src/providers/machine.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { eventually } from '../scene/eventually.ts';
import { createShoot } from '../scene/shoot.ts';
import { createCloud } from './docs/cloud.ts';
import { readPages } from './docs/markdown.ts';
import { type Sketch, sketch } from './docs/sketch.ts';

/** TypeScript in the docs is compiled with the project, and the provider of adding-a-provider.md is run. */
const pages = await readPages();
const blocks = pages.flatMap((page) => page.blocks).filter(({ language }) => language === 'ts');
const imports = `
import { join } from 'node:path';
import { inject } from 'vitest';
import { startSeed } from '../scene/seed.ts';
import { allReady } from '../scene/wait.ts';
import type {} from './setup.ts';
`;

let code: Sketch;
let client: ClosableKubeClient;

beforeAll(async () => {
  code = await sketch(join(inject('landscapeDir'), 'sketch'), blocks, imports);
  client = createKubeClient({ kubeconfig: inject('kubeconfig') });
});
afterAll(() => client?.close());

test('it compiles', { timeout: 120_000 }, async () => {
  expect(blocks.length).toBeGreaterThan(1);
  expect(await code.faults()).toBe('');
});

test('the inside of a test runs', { timeout: 120_000 }, async () => {
  expect(code.insides).not.toEqual([]);
  for (const path of code.insides) {
    const { inside } = (await import(join(code.dir, path))) as { inside(): Promise<void> };
    await inside();
  }
});

describe('the provider of adding-a-provider.md', () => {
  interface Region {
    createRegionProvider(cloud: object): Provider;
    createRegionMachines(cloud: object): MachineDriver;
  }
  let region: Region;
  beforeAll(async () => {
    region = (await import(join(code.dir, 'src/providers/region/provider.ts'))) as Region;
  });

  test('makes an Infrastructure ready, and takes it away again', async () => {
    const cloud = createCloud();
    const provider = region.createRegionProvider(cloud);
    const stop = new AbortController();
    const common = { client, clock: systemClock, log: createFakeLog() };
    const controller = createExtensionController({
      ...common,
      kind: infrastructureKind,
      type: provider.type,
      classes: ['shoot'],
      actuator: provider.infrastructure({ kube: client, ...common }),
      workers: 1,
      ignoreOperationAnnotation: false,
      recorder: { event: () => {}, drain: () => Promise.resolve() },
    });
    const running = [controller.lead(stop.signal), ...controller.informers.map(({ run }) => run(stop.signal))];
    onTestFinished(async () => {
      stop.abort();
      await Promise.all(running);
      await provider.close();
    });

    const shoot = await createShoot(client, { type: provider.type });
    await eventually(async () => {
      const object = await client.get(infrastructures, shoot.key);
      expect(readiness(object, shoot.timestamp)).toEqual({ ready: true });
      expect(object.status?.nodesCIDR).toBe('10.9.0.0/22');
    });
    expect([...cloud.networks.keys()]).toEqual([shoot.uid]);
    const confirmed = { annotations: { 'confirmation.gardener.cloud/deletion': 'true' } };
    await client.mergePatch(infrastructures, shoot.key, { metadata: confirmed });
    await client.delete(infrastructures, shoot.key);
    await eventually(async () => expect(await client.find(infrastructures, shoot.key)).toBeUndefined());
    expect(cloud.networks.size).toBe(0);
  });

  test('makes one machine of a name, though an answer is lost, and gives it back', async () => {
    const cloud = createCloud();
    const machines = region.createRegionMachines(cloud);
    const machineClass = { metadata: { name: 'c' }, providerSpec: { cluster: 'a', size: 's' } } as MachineClass;
    const machine = { metadata: { name: 'm' } } as Machine;
    const request = { machine, machineClass, secret: {}, userData: '', signal: AbortSignal.timeout(10_000) };
    await expect(machines.status(request)).rejects.toMatchObject({ code: 'NotFound' });
    await expect(machines.create(request)).rejects.toThrow('lost');
    const made = await machines.create(request);
    expect(await machines.status(request)).toEqual(made);
    expect(await machines.list(request)).toEqual(new Map([[made.providerID, 'm']]));
    await machines.delete(request);
    await machines.delete(request);
    expect(cloud.servers).toEqual([]);
  });
});
