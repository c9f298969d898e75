import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { seededRandom } from '../../landscape/metal-api/random.ts';
import { deployments } from '../../landscape/pods/deployment.ts';
import { machineClasses } from '../../src/apis/machine/machine.ts';
import { eventually } from '../scene/eventually.ts';
import { type Empty, reportStage, startEmptyStage } from './whole-life/empty-stage.ts';
import { isolation } from './whole-life/garden.ts';
import { added, inventoryOf, isLeftByOthers } from './whole-life/inventory.ts';
import {
  atMetalApi,
  expectApplied,
  firewallReview,
  firewallSpec,
  machineObjects,
  namespacesOf,
  policiesOf,
} from './whole-life/look.ts';
import { orderShoot, type UserShoot } from './whole-life/shoot.ts';
import type { Stage } from './whole-life/stage.ts';

/** Shoots of other forms, and what happens to them at worse times: controllers that are killed, deletion by force. */

let stage: Stage;
let empty: Empty;
beforeAll(async () => {
  ({ stage, empty } = await startEmptyStage('whole-life-forms'));
});
afterAll(() => stage?.[Symbol.asyncDispose]());
beforeEach(() => onTestFailed(() => reportStage(stage, empty)));

const nothing = { firewalls: [], machines: [], networks: [], ips: [] };

/** Kills the controllers again and again, at times that the seed of the random numbers decides, until `work` is done. */
async function amidKills(seed: number, times: number, work: Promise<unknown>): Promise<void> {
  const random = seededRandom(seed);
  const killing = async () => {
    for (let kill = 0; kill < times; kill++) {
      await delay(200 + 1_500 * random());
      await stage.local.restartControllers();
    }
  };
  await Promise.all([work, killing()]);
}

async function expectNothingLeft(uid: string): Promise<void> {
  expect(atMetalApi(stage.metalApi, uid)).toEqual(nothing);
  await eventually(async () => expect(added(empty.garden, await inventoryOf(stage.gardenKubeconfig))).toEqual([]));
}

async function expectNothingLeftInShoot(): Promise<void> {
  await eventually(async () => {
    const inShoot = added(empty.shoot, await inventoryOf(stage.shootKubeconfig));
    expect(inShoot.filter((entry) => !isLeftByOthers(entry))).toEqual([]);
  });
}

let restricted: UserShoot;

test('a restricted Shoot with Cilium comes about although the controllers are killed again and again', {
  timeout: 150_000,
}, async () => {
  restricted = await orderShoot(stage.garden, 'limits', { networking: 'cilium', networkAccessType: 'restricted' });
  const { namespace } = restricted;
  await amidKills(7, 6, restricted.ready());
  const { client, shoot } = stage.local;
  await eventually(() => expectApplied(client, namespace));
  const uid = await restricted.uid();
  // firewall-controller-manager may still be at it.
  await eventually(() => {
    const { firewalls, machines, networks } = atMetalApi(stage.metalApi, uid);
    expect([firewalls.length, machines.length, networks.length]).toEqual([1, 1, 1]);
  });
  expect((await machineObjects(client, namespace)).classes).toHaveLength(1);

  const [dns] = isolation.dnsServers;
  const [ntp] = isolation.ntpServers;
  const spec = await firewallSpec(client, namespace);
  expect(spec).toMatchObject({ dnsServerAddress: dns });
  expect(spec.allowedNetworks).toEqual({});
  const [machineClass] = (await client.list(machineClasses, { namespace })).items;
  expect(machineClass?.providerSpec).toMatchObject({ dnsServers: [{ ip: dns }], ntpServers: [{ address: ntp }] });
  const policies = await policiesOf(shoot);
  expect([...policies.keys()].sort()).toEqual(['apiserver', 'dns', 'ntp', 'registry', 'vpn']);
  expect(policies.get('dns')).toMatchObject({ egress: [{ to: [{ cidr: `${dns}/32` }] }] });
  expect(policies.get('ntp')).toMatchObject({ egress: [{ to: [{ cidr: `${ntp}/32` }] }] });
  expect(await namespacesOf(shoot)).not.toContain('metallb-system');
  const manager = await client.get(deployments, { namespace, name: 'cloud-controller-manager' });
  const environment = manager.spec.template.spec.containers.flatMap(({ env }) => env ?? []);
  expect(environment).toContainEqual({ name: 'LOADBALANCER', value: 'cilium' });
});

test('it is gone although the controllers are killed again and again', { timeout: 150_000 }, async () => {
  const uid = await restricted.uid();
  await restricted.delete();
  await amidKills(11, 6, restricted.gone());
  await expectNothingLeft(uid);
  await expectNothingLeftInShoot();
});

test('a forbidden Shoot is deleted by force while what should free its machines is dead', {
  timeout: 150_000,
}, async () => {
  const shoot = await orderShoot(stage.garden, 'closed', { networkAccessType: 'forbidden' });
  const { namespace } = shoot;
  const { client } = stage.local;
  await shoot.ready();
  await eventually(() => expectApplied(client, namespace));
  const uid = await shoot.uid();
  expect(await firewallSpec(client, namespace)).toMatchObject({ allowedNetworks: isolation.allowedNetworks });
  expect([...(await policiesOf(stage.local.shoot)).keys()].sort()).toEqual([
    'apiserver',
    'dns',
    'ntp',
    'registry',
    'vpn',
  ]);
  expect(await namespacesOf(stage.local.shoot)).toContain('metallb-system');

  for (const name of ['firewall-controller-manager', 'machine-controller-manager']) {
    await client.mergePatch(deployments, { namespace, name }, { spec: { replicas: 0 } });
  }
  await eventually(async () => expect(await firewallReview(client, namespace)).toContain('failed calling webhook'));
  await shoot.forceDelete();
  await shoot.gone();
  await expectNothingLeft(uid);
});
