import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import { leases } from '../../src/kube/lease.ts';
import type { ControllersProcess } from '../scene/controllers-process.ts';
import { eventually } from '../scene/eventually.ts';
import { networksOf } from '../scene/metal-stock.ts';
import { type Seed, startSeed } from '../scene/seed.ts';
import type { TestShoot } from '../scene/shoot.ts';
import { allGone, allReady } from '../scene/wait.ts';
import { proxyKubeconfig, type TcpProxy } from './tcp-proxy.ts';

let seed: Seed;
let proxy: TcpProxy;
/** Leads through the proxy. */
let kubeconfig: string;
let controllers: ControllersProcess;

beforeAll(async () => {
  seed = await startSeed({ dir: join(inject('landscapeDir'), 'watch-expiry'), parts: inject('parts') });
  const through = await proxyKubeconfig(seed.plane.garden.kubeconfig);
  proxy = through.proxy;
  kubeconfig = join(seed.dir, 'proxied.kubeconfig');
  await writeFile(kubeconfig, through.content, { mode: 0o600 });
  // Without the election: a leader that is cut off for so long gives up and is started anew, and has nothing to resume.
  const flags = ['--leader-election=false', '--log-level=debug'];
  controllers = await seed.startControllers({ kubeconfig, flags });
});
afterAll(async () => {
  await controllers.stop();
  await proxy.close();
  await seed[Symbol.asyncDispose]();
});

const createShoots = (count: number) => Promise.all(Array.from({ length: count }, () => seed.createShoot()));
const deleteShoot = ({ key }: TestShoot) => seed.client.delete(infrastructures, key);
const log = () => readFile(controllers.logFile, 'utf8');

/** Somebody removes the object for good, whatever its finalizers say, and what it stands for stays. */
async function wipe(shoot: TestShoot): Promise<void> {
  await deleteShoot(shoot);
  await seed.client.mergePatch(infrastructures, shoot.key, { metadata: { finalizers: null } });
}

it('what happened while the history was lost is worked on after the reconnection', async () => {
  const shoots = await createShoots(6);
  await allReady(seed.client, shoots);
  const [asked, deleted, wiped, ...untouched] = shoots;
  if (!asked || !deleted || !wiped) throw new Error('too few Shoots');
  const versions = async () => {
    const { items } = await seed.client.list(infrastructures);
    return untouched.map(
      ({ namespace }) => items.find(({ metadata }) => metadata.namespace === namespace)?.metadata.resourceVersion,
    );
  };
  const before = await versions();

  proxy.refuse();
  const created = await createShoots(2);
  await asked.ask('reconcile');
  await deleteShoot(deleted);
  await wipe(wiped);
  // A new API server begins with the newest state and refuses to tell what was before, as it does after a compaction.
  await seed.plane.restartGarden();
  expect(await log()).not.toContain('too old resource version');
  proxy.accept();

  await allReady(seed.client, [asked, ...created, ...untouched]);
  await allGone(seed.client, [deleted, wiped]);
  await eventually(async () => expect(await log()).toContain('too old resource version'));
  expect(networksOf(seed.metalApi, deleted.uid)).toEqual([]);
  expect(networksOf(seed.metalApi, wiped.uid)).toHaveLength(1);
  expect(await versions()).toEqual(before);
});

/**
 * The watches of such a process notice only after 150 s (defaultIdleMs in src/kube/watch.ts, beyond the minute in which the
 * API server sends bookmarks), which no test can wait for: reflector.test.ts shows it with a shorter time.
 */
it('a leader whose connections die without a word renews its lease over new ones', { timeout: 90_000 }, async () => {
  await using leader = await seed.startControllers({ kubeconfig, name: 'leader' });
  const lease = async () =>
    (await seed.client.find(leases, { namespace: 'default', name: 'provider-metal-leader-election' }))?.spec;
  await eventually(async () => expect((await lease())?.holderIdentity).toContain(`-${leader.pid}-`));
  proxy.freeze();
  const frozen = Date.now();
  await eventually(async () => {
    leader.failure.throwIfAborted();
    const spec = await lease();
    expect(spec?.holderIdentity).toContain(`-${leader.pid}-`);
    expect(Date.parse(spec?.renewTime ?? '')).toBeGreaterThan(frozen + 1_000);
  }, 40_000);
  expect(await readFile(leader.logFile, 'utf8')).not.toContain('Leadership lost');
});
