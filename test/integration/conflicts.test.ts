import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Infrastructure } from '../../src/apis/extensions/infrastructure.ts';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import type { ControllersProcess } from '../scene/controllers-process.ts';
import { eventually } from '../scene/eventually.ts';
import { networksOf } from '../scene/metal-stock.ts';
import { type Seed, startSeed } from '../scene/seed.ts';
import type { TestShoot } from '../scene/shoot.ts';
import { allGone, allReady } from '../scene/wait.ts';
import { foreignFinalizer, type Part, partsOf, startWriter } from '../scene/writers.ts';

let seed: Seed;
let controllers: ControllersProcess | undefined;

beforeAll(async () => {
  seed = await startSeed({ dir: join(inject('landscapeDir'), 'conflicts'), parts: inject('parts') });
});
afterAll(async () => {
  await controllers?.stop();
  await seed[Symbol.asyncDispose]();
});

const get = (shoot: TestShoot) => seed.client.get(infrastructures, shoot.key);
const own = 'extensions.gardener.cloud/infrastructure';
const status: readonly Part[] = ['egressCIDRs', 'conditions', 'state'];

/** While the work takes place two others write each Infrastructure: its metadata and spec, and its status. */
async function amidWriters(
  shoots: readonly TestShoot[],
  parts: readonly Part[],
  work: () => Promise<unknown>,
): Promise<void> {
  const writers = shoots.map((shoot) => [
    startWriter(seed.client, shoot.key, parts),
    startWriter(seed.client, shoot.key, status),
  ]);
  const stop = () => Promise.all(writers.map((each) => Promise.all(each.map((writer) => writer.stop()))));
  try {
    await work();
  } finally {
    await stop();
  }
  for (const [index, last] of (await stop()).entries()) {
    const shoot = shoots[index];
    for (const each of last) if (shoot) expectKept(await get(shoot), each);
  }
}

function expectKept(object: Infrastructure, last: ReadonlyMap<Part, unknown>): void {
  const found = partsOf(object);
  expect(new Map([...last.keys()].map((part) => [part, found[part]]))).toEqual(last);
}

/** Conflicts that the server has answered for Infrastructures, whoever asked. */
async function conflicts(): Promise<number> {
  const all = [...(await seed.requests())].filter(([key]) => /^PATCH \S+\/infrastructures\S* 409$/.test(key));
  return all.reduce((sum, [, count]) => sum + count, 0);
}

it('Infrastructures come to their end amid writers, and nobody loses anything', { timeout: 180_000 }, async () => {
  const shoots = await Promise.all(Array.from({ length: 4 }, () => seed.createShoot()));
  await amidWriters(shoots, ['label', 'annotation', 'finalizer', 'spec'], async () => {
    controllers = await seed.startControllers();
    await eventually(async () => {
      for (const shoot of shoots) expect((await get(shoot)).status?.lastOperation?.state).toBe('Succeeded');
    }, 60_000);
  });

  // Not the spec: gardenlet changes it together with the request, and nobody else does.
  await amidWriters(shoots, ['label', 'annotation', 'finalizer'], async () => {
    await Promise.all(shoots.map((shoot) => shoot.ask('reconcile')));
    await allReady(seed.client, shoots);
  });

  for (const { key } of shoots) {
    await seed.client.mergePatch(infrastructures, key, { metadata: { finalizers: [own, foreignFinalizer] } });
  }
  await amidWriters(shoots, ['label', 'annotation'], async () => {
    await Promise.all(shoots.map(({ key }) => seed.client.delete(infrastructures, key)));
    await eventually(async () => {
      for (const shoot of shoots) expect((await get(shoot)).metadata.finalizers).toEqual([foreignFinalizer]);
    }, 60_000);
  });
  for (const { uid } of shoots) expect(networksOf(seed.metalApi, uid)).toEqual([]);
  for (const { key } of shoots) {
    await seed.client.mergePatch(infrastructures, key, { metadata: { finalizers: null } });
  }
  await allGone(seed.client, shoots);

  expect(await conflicts()).toBeGreaterThan(0);
  const log = await readFile(controllers?.logFile ?? '', 'utf8');
  expect(log).toContain('Controller started');
  expect(log.split('\n').filter((line) => / (ERROR|WARN) /.test(line))).toEqual([]);
});
