import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { DUAL_STACK_PARTITION, OTHER_PROJECT, PARTITION, PROJECT } from '../../landscape/metal-api/fixture.ts';
import { firewallDeployments } from '../../src/apis/firewall/firewall.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { secrets } from '../../src/kube/secret.ts';
import type { OperationError } from '../../src/providers/errors.ts';
import { MACHINE_CONTROLLER_FINALIZER } from '../../src/providers/metal/infrastructure/migrate.ts';
import { webhookConfigurations } from '../../src/providers/metal/infrastructure/webhook-configurations.ts';
import { callMetal, createStage, type ShootOnStage, type Stage } from './infrastructure-stage.ts';

const NOON = Date.UTC(2026, 0, 2, 12);
const NIGHT = { begin: '220000+0000', end: '230000+0000' };
const DAY = { begin: '110000+0000', end: '130000+0000' };
/** Only the maintenance window looks at this time of day. */
let timeOfDay: number | undefined;
const clock = { ...systemClock, now: () => timeOfDay ?? systemClock.now() };

let stage: Stage;
beforeAll(async () => {
  stage = await createStage(inject('kubeconfig'), clock);
});
afterAll(() => stage[Symbol.asyncDispose]());
afterEach(() => {
  stage.metal.knobs.reset();
  timeOfDay = undefined;
  expect([...stage.metal.violations]).toEqual([]);
});

const egressTag = (shoot: ShootOnStage) => `cluster.metal-stack.io/id/egress=${shoot.uid}`;
const serviceTag = (shoot: ShootOnStage, name = 'web') =>
  `cluster.metal-stack.io/id/namespace/service=${shoot.uid}/default/${name}`;

async function allocateIp(
  options: { type?: 'static' | 'ephemeral'; tags?: string[]; projectid?: string; family?: string } = {},
) {
  const { type = 'static', tags = [], projectid = PROJECT, family } = options;
  const body = { networkid: 'internet', projectid, type, tags, ...(family ? { addressfamily: family } : {}) };
  const { ipaddress } = (await callMetal(stage.metal, 'POST', '/v1/ip/allocate', body)) as { ipaddress: string };
  return ipaddress;
}

const tagsOf = (address: string) => stage.metal.state.ips.get(address)?.tags;
const failure = (promise: Promise<unknown>): Promise<OperationError> =>
  promise.then(
    () => expect.unreachable('it should have failed'),
    (error: OperationError) => error,
  );

describe('node network', () => {
  test('is allocated once, with its label, and told in the status', async () => {
    const shoot = await stage.shoot();
    await shoot.run('reconcile');
    const [network] = shoot.networks();
    expect(network).toMatchObject({ name: 's', description: shoot.uid, projectid: PROJECT, partitionid: PARTITION });
    expect(shoot.object.status).toEqual({
      nodesCIDR: network?.prefixes[0],
      providerStatus: {
        apiVersion: 'metal.provider.extensions.gardener.cloud/v1alpha1',
        kind: 'InfrastructureStatus',
        firewall: { machineID: '' },
      },
    });
    expect(shoot.events).toEqual([]);
  });

  test('a lost answer leads to exactly one network', async () => {
    const shoot = await stage.shoot();
    stage.metal.knobs.nextLost('POST /v1/network/allocate');
    const error = await failure(shoot.run('reconcile'));
    expect(error.message).toMatch(/allocateNetwork: .* it is unknown whether the call took effect/);
    expect(error.codes).toEqual(['ERR_RETRYABLE_INFRA_DEPENDENCIES']);
    expect(shoot.networks()).toHaveLength(1);
    await shoot.run('reconcile');
    expect(shoot.networks()).toHaveLength(1);
    expect(shoot.object.status?.nodesCIDR).toBe(shoot.networks()[0]?.prefixes[0]);
  });

  test('a lost status write leads to exactly one network', async () => {
    const shoot = await stage.shoot();
    await shoot.run('reconcile', { lostStatus: true });
    await shoot.run('reconcile');
    expect(shoot.networks()).toHaveLength(1);
  });

  test('of two the one in the status stays, and the other is freed unless it is in use', async () => {
    const shoot = await stage.shoot();
    await shoot.run('reconcile');
    const [ours] = shoot.networks();
    const order = {
      projectid: PROJECT,
      partitionid: PARTITION,
      description: shoot.uid,
      labels: { 'cluster.metal-stack.io/id': shoot.uid },
    };
    const second = (await callMetal(stage.metal, 'POST', '/v1/network/allocate', order)) as { id: string };
    const ipBody = { networkid: second.id, projectid: PROJECT, type: 'static' };
    const { ipaddress } = (await callMetal(stage.metal, 'POST', '/v1/ip/allocate', ipBody)) as { ipaddress: string };
    await shoot.run('reconcile');
    expect(shoot.networks()).toHaveLength(2);
    await callMetal(stage.metal, 'DELETE', `/v1/ip/free/${ipaddress}`);
    await shoot.run('reconcile');
    expect(shoot.networks().map(({ id }) => id)).toEqual([ours?.id]);
  });

  test('two controllers at once make two, and the next run puts that right', async () => {
    const shoot = await stage.shoot();
    stage.metal.knobs.set({ slow: [{ pattern: 'POST /v1/network/allocate', latencyMs: 20 }] });
    await Promise.all([shoot.run('reconcile'), shoot.run('reconcile')]);
    expect(shoot.networks()).toHaveLength(2);
    const cidr = shoot.object.status?.nodesCIDR;
    await shoot.run('reconcile');
    expect(shoot.networks().map(({ prefixes }) => prefixes[0])).toEqual([cidr]);
  });

  test("the owner's network is used, nothing is allocated, and nothing of it is freed", async () => {
    const shoot = await stage.shoot({ nodes: '10.128.252.0/22' });
    const body = { projectid: PROJECT, partitionid: PARTITION, name: 'of the owner' };
    const { id } = (await callMetal(stage.metal, 'POST', '/v1/network/allocate', body)) as { id: string };
    await shoot.run('reconcile');
    expect(shoot.object.status?.nodesCIDR).toBe('10.128.252.0/22');
    const calls = await shoot.callsOf(() => shoot.run('delete'));
    expect(calls.filter(({ effect }) => effect)).toEqual([]);
    expect(stage.metal.state.networks.has(id)).toBe(true);
  });

  test('one that disappeared is told and not replaced', async () => {
    const shoot = await stage.shoot();
    await shoot.run('reconcile');
    await callMetal(stage.metal, 'DELETE', `/v1/network/free/${shoot.networks()[0]?.id}`);
    const error = await failure(shoot.run('reconcile'));
    expect(error.message).toMatch(/^node network 10\..* disappeared from metal-api/);
    expect(error.codes).toEqual(['ERR_RETRYABLE_INFRA_DEPENDENCIES']);
    expect(shoot.networks()).toEqual([]);
  });

  test('after a failure that comes later it is in the status all the same', async () => {
    const shoot = await stage.shoot({ egress: { internet: ['203.0.113.250'] } });
    await failure(shoot.run('reconcile'));
    expect(shoot.checkpoints).toEqual([expect.objectContaining({ nodesCIDR: shoot.networks()[0]?.prefixes[0] })]);
    await failure(shoot.run('reconcile'));
    expect(shoot.checkpoints).toHaveLength(1);
    expect(shoot.networks()).toHaveLength(1);
  });

  test.each([
    [['IPv6'], /^2001:/, undefined],
    [['IPv4', 'IPv6'], /^10\./, 2],
    [['IPv6', 'IPv4'], /^2001:/, 2],
  ])('families %j', async (ipFamilies, primary, count) => {
    const shoot = await stage.shoot({ ipFamilies, partitionID: DUAL_STACK_PARTITION });
    await shoot.run('reconcile');
    expect(shoot.object.status?.nodesCIDR).toMatch(primary);
    expect(shoot.object.status?.networking?.nodes?.length).toBe(count);
    expect(shoot.networks()[0]?.prefixes).toHaveLength(count ?? 1);
    await shoot.run('delete');
    expect(shoot.networks()).toEqual([]);
  });

  test('a family that the partition lacks is a configuration problem', async () => {
    const shoot = await stage.shoot({ ipFamilies: ['IPv6'] });
    const error = await failure(shoot.run('reconcile'));
    expect(error.codes).toEqual(['ERR_CONFIGURATION_PROBLEM']);
    expect(shoot.networks()).toEqual([]);
  });
});

describe('egress IPs', () => {
  test('are claimed once and given back, IPv6 in any spelling', async () => {
    const [v4, v6] = [await allocateIp(), await allocateIp({ family: 'IPv6' })];
    const shoot = await stage.shoot({ egress: { internet: [v4, v6.toUpperCase(), v4] } });
    await shoot.run('reconcile');
    expect([tagsOf(v4), tagsOf(v6)]).toEqual([[egressTag(shoot)], [egressTag(shoot)]]);
    const again = await shoot.callsOf(() => shoot.run('reconcile'));
    expect(again.map(({ operation }) => operation).sort()).toEqual(['findIPs', 'findNetworks']);

    await callMetal(stage.metal, 'POST', '/v1/ip', {
      ipaddress: v4,
      type: 'static',
      tags: [egressTag(shoot), 'note=x'],
    });
    Object.assign(shoot.object.spec, { providerConfig: { projectID: PROJECT, partitionID: PARTITION } });
    await shoot.run('reconcile');
    expect([tagsOf(v4), tagsOf(v6)]).toEqual([['note=x'], []]);
  });

  test('a lost answer to claiming is repeated to the same end', async () => {
    const address = await allocateIp();
    const shoot = await stage.shoot({ egress: { internet: [address] } });
    stage.metal.knobs.nextLost('POST /v1/ip');
    await shoot.run('reconcile');
    expect(tagsOf(address)).toEqual([egressTag(shoot)]);
  });

  test('all faults are told at once, and nothing is written', async () => {
    const [free, ephemeral, service, foreign] = [
      await allocateIp(),
      await allocateIp({ type: 'ephemeral' }),
      await allocateIp({ tags: ['cluster.metal-stack.io/id/namespace/service=other/a/b'] }),
      await allocateIp({ projectid: OTHER_PROJECT }),
    ];
    const shoot = await stage.shoot({ egress: { internet: [free, ephemeral, service, foreign, '203.0.113.251'] } });
    const calls = await shoot.callsOf(async () => {
      const error = await failure(shoot.run('reconcile'));
      expect(error.codes).toEqual(['ERR_CONFIGURATION_PROBLEM']);
      expect(error.message).toContain(`must be static, but ${ephemeral} is not static`);
      expect(error.message).toContain(`won't use ip ${service} for egress rules`);
      expect(error.message).toContain(`ip ${foreign} for egress rule does not exist`);
      expect(error.message).toContain('ip 203.0.113.251 for egress rule does not exist');
      expect(error.message).not.toContain(`${free} `);
    });
    expect(calls.filter(({ effect }) => effect).map(({ operation }) => operation)).toEqual(['allocateNetwork']);
    expect(tagsOf(free)).toEqual([]);
  });
});

test('a steady reconcile makes two calls and writes nothing', async () => {
  const shoot = await stage.shoot({ egress: { internet: [await allocateIp()] }, window: NIGHT });
  await shoot.run('reconcile');
  const status = structuredClone(shoot.object.status);
  Object.assign(shoot.networking, { nodes: status?.nodesCIDR });
  const calls = await shoot.callsOf(() => shoot.run('reconcile'));
  expect(calls.map(({ operation }) => operation).sort()).toEqual(['findIPs', 'findNetworks']);
  expect(calls.filter(({ effect }) => effect)).toEqual([]);
  expect(shoot.object.status).toEqual(status);
});

describe('credentials', () => {
  test('are read for each run: a rotated key works at once', async () => {
    const shoot = await stage.shoot();
    await shoot.setCredentials({ metalAPIHMac: 'revoked' });
    const error = await failure(shoot.run('reconcile'));
    expect(error.codes).toEqual(['ERR_INFRA_UNAUTHENTICATED']);
    expect(error.message).not.toContain('revoked');
    await shoot.setCredentials({ metalAPIKey: 'edit-token' });
    await shoot.run('reconcile');
    expect(shoot.networks()).toHaveLength(1);
  });

  test('a role that is too low', async () => {
    const shoot = await stage.shoot();
    await shoot.setCredentials({ metalAPIKey: 'view-token' });
    expect((await failure(shoot.run('reconcile'))).codes).toEqual(['ERR_INFRA_UNAUTHORIZED']);
  });

  test('a clock that is off is hinted at', async () => {
    const shoot = await stage.shoot();
    timeOfDay = NOON;
    expect((await failure(shoot.run('reconcile'))).message).toMatch(/too old.*clock/);
  });

  test('a missing Secret is told', async () => {
    const shoot = await stage.shoot();
    await stage.kube.delete(secrets, { namespace: shoot.namespace, name: 'cloudprovider' });
    expect((await failure(shoot.run('reconcile'))).message).toMatch(
      /^Secret shoot--test--.*\/cloudprovider .* not exist/,
    );
  });
});

describe('maintenance of the firewalls', () => {
  const createDeployment = ({ namespace }: ShootOnStage) =>
    stage.kube.create(firewallDeployments, {
      metadata: { namespace, name: 'shoot-firewall' },
      spec: {
        autoUpdate: { machineImage: false },
        template: { spec: { image: 'i', networks: ['internet'], partition: 'p', project: 'p', size: 's' } },
      },
    } as never);
  const annotation = async ({ namespace }: ShootOnStage) =>
    (await stage.kube.get(firewallDeployments, { namespace, name: 'shoot-firewall' })).metadata;
  const MAINTAIN = 'firewall.metal-stack.io/maintain';

  test('is asked for in the window, and written once', async () => {
    const shoot = await stage.shoot({ window: DAY });
    await shoot.setCredentials({ metalAPIKey: 'admin-token' });
    await createDeployment(shoot);
    timeOfDay = NOON;
    await shoot.run('reconcile');
    expect((await annotation(shoot)).annotations?.[MAINTAIN]).toBeUndefined();
    shoot.setLastOperation('Create', 'Succeeded');
    await shoot.run('reconcile');
    const first = await annotation(shoot);
    expect(first.annotations?.[MAINTAIN]).toBe('true');
    await shoot.run('reconcile');
    expect((await annotation(shoot)).resourceVersion).toBe(first.resourceVersion);
  });

  test('is not asked for outside, nor where there is no firewall', async () => {
    const shoot = await stage.shoot({ window: NIGHT });
    await shoot.setCredentials({ metalAPIKey: 'admin-token' });
    shoot.setLastOperation('Reconcile', 'Succeeded');
    timeOfDay = NOON;
    await createDeployment(shoot);
    await shoot.run('reconcile');
    expect((await annotation(shoot)).annotations?.[MAINTAIN]).toBeUndefined();
    const bare = await stage.shoot();
    bare.setLastOperation('Reconcile', 'Succeeded');
    timeOfDay = undefined;
    await bare.run('reconcile');
  });
});

describe('deletion', () => {
  test('releases what is wholly ours, and neither writes nor frees what is not', async () => {
    const [shoot, neighbour] = [await stage.shoot(), await stage.shoot()];
    await shoot.run('reconcile');
    await neighbour.run('reconcile');
    const ephemeral = { type: 'ephemeral' } as const;
    const [ours, twice, shared, statics, mixed] = [
      await allocateIp({ ...ephemeral, tags: [serviceTag(shoot)] }),
      await allocateIp({ ...ephemeral, tags: [serviceTag(shoot), serviceTag(shoot, 'api')] }),
      await allocateIp({ ...ephemeral, tags: [serviceTag(shoot), serviceTag(neighbour)] }),
      await allocateIp({ tags: [egressTag(shoot)] }),
      await allocateIp({ tags: [serviceTag(shoot), 'note=x'], family: 'IPv6' }),
    ];
    const untouched = [
      await allocateIp({ ...ephemeral, tags: [serviceTag(neighbour)] }),
      await allocateIp({ ...ephemeral }),
      await allocateIp({ tags: [egressTag(neighbour)] }),
    ];
    const before = untouched.map((address) => structuredClone(stage.metal.state.ips.get(address)));

    const calls = await shoot.callsOf(() => shoot.run('delete'));
    expect(stage.metal.state.ips.get(ours)).toBeUndefined();
    expect(stage.metal.state.ips.get(twice)).toBeUndefined();
    expect([tagsOf(shared), tagsOf(statics), tagsOf(mixed)]).toEqual([[serviceTag(neighbour)], [], ['note=x']]);
    expect(untouched.map((address) => stage.metal.state.ips.get(address))).toEqual(before);
    expect(calls.map(({ operation }) => operation).sort()).toEqual(
      ['findIPs', 'findNetworks', 'freeIP', 'freeIP', 'freeNetwork', 'updateIP', 'updateIP', 'updateIP'].sort(),
    );
    expect(shoot.networks()).toEqual([]);
    expect(neighbour.networks()).toHaveLength(1);

    const again = await shoot.callsOf(() => shoot.run('delete'));
    expect(again.filter(({ effect }) => effect)).toEqual([]);
  });

  test('with credentials that went bad before the network reached the status waits for good ones', async () => {
    const shoot = await stage.shoot();
    stage.metal.knobs.nextLost('POST /v1/network/allocate');
    await failure(shoot.run('reconcile'));
    await shoot.setCredentials({ metalAPIHMac: 'metal-admin', metalAPIKey: 'both' });
    expect((await failure(shoot.run('delete'))).codes).toEqual(['ERR_CONFIGURATION_PROBLEM']);
    expect(shoot.networks()).toHaveLength(1);
    await shoot.setCredentials({ metalAPIHMac: 'metal-admin' });
    await shoot.run('delete');
    expect(shoot.networks()).toEqual([]);
  });

  test('of what never got a network', async () => {
    const shoot = await stage.shoot();
    const calls = await shoot.callsOf(() => shoot.run('delete'));
    expect(calls.filter(({ effect }) => effect)).toEqual([]);
  });

  test('of what lost the answer to its only allocation', async () => {
    const shoot = await stage.shoot();
    stage.metal.knobs.nextLost('POST /v1/network/allocate');
    await failure(shoot.run('reconcile'));
    await shoot.run('delete');
    expect(shoot.networks()).toEqual([]);
  });

  test.each([
    ['no config', undefined],
    ['no project', { partitionID: PARTITION }],
    ['a partition that nobody serves', { partitionID: 'nowhere', projectID: PROJECT }],
  ])('of what could never be created: %s', async (_, providerConfig) => {
    const shoot = await stage.shoot({ providerConfig });
    await failure(shoot.run('reconcile'));
    const calls = await shoot.callsOf(() => shoot.run('delete'));
    expect(calls).toEqual([]);
    expect(shoot.events).toEqual([expect.stringMatching(/^Warning NothingToRelease /)]);
  });

  test('with a config that broke after the network was made is refused', async () => {
    const shoot = await stage.shoot();
    await shoot.run('reconcile');
    Object.assign(shoot.object.spec, { providerConfig: { partitionID: PARTITION } });
    expect((await failure(shoot.run('delete'))).codes).toEqual(['ERR_CONFIGURATION_PROBLEM']);
  });

  test('waits for a network that is in use', async () => {
    const shoot = await stage.shoot();
    await shoot.run('reconcile');
    const body = { networkid: shoot.networks()[0]?.id, projectid: PROJECT, type: 'static' };
    const { ipaddress } = (await callMetal(stage.metal, 'POST', '/v1/ip/allocate', body)) as { ipaddress: string };
    const error = await failure(shoot.run('delete'));
    expect(error.message).toMatch(/has ips/);
    expect(error.codes).toEqual(['ERR_RETRYABLE_INFRA_DEPENDENCIES']);
    await callMetal(stage.metal, 'DELETE', `/v1/ip/free/${ipaddress}`);
    await shoot.run('delete');
    expect(shoot.networks()).toEqual([]);
  });

  test('takes the webhook registrations of firewall-controller-manager along', async () => {
    const shoot = await stage.shoot();
    const key = { name: `firewall-controller-manager-${shoot.namespace}` };
    for (const resource of webhookConfigurations)
      await stage.kube.create(resource, { metadata: key, webhooks: [] } as never);
    await shoot.run('delete');
    for (const resource of webhookConfigurations) expect(await stage.kube.find(resource, key)).toBeUndefined();
  });
});

describe('force deletion', () => {
  test('releases what it can', async () => {
    const shoot = await stage.shoot();
    await shoot.run('reconcile');
    const address = await allocateIp({ type: 'ephemeral', tags: [serviceTag(shoot)] });
    stage.metal.knobs.nextError('DELETE /v1/ip/free/*', 503);
    await shoot.run('forceDelete');
    expect(shoot.networks()).toEqual([]);
    expect(shoot.events.at(-1)).toMatch(new RegExp(`^Warning NotReleased .*${shoot.uid}: ip ${address}: .*503`));
    await callMetal(stage.metal, 'DELETE', `/v1/ip/free/${address}`);
  });

  test('ends with metal-api down, one try for each thing, and says what is left', async () => {
    const shoot = await stage.shoot();
    await shoot.run('reconcile');
    stage.metal.knobs.set({ unavailable: '503' });
    const calls = await shoot.callsOf(() => shoot.run('forceDelete'));
    expect(calls.map(({ operation }) => operation)).toEqual(['findIPs', 'findNetworks']);
    expect(shoot.events.at(-1)).toMatch(/^Warning NotReleased .*IPs of the cluster: .*networks of the cluster: /);
  });

  test.each([
    ['no config', undefined],
    ['nonsense', 'nonsense'],
  ])('ends with %s', async (_, providerConfig) => {
    const shoot = await stage.shoot({ providerConfig });
    await shoot.run('forceDelete');
    expect(shoot.events).toEqual([expect.stringMatching(/^Warning NotReleased /)]);
  });

  test('ends without the Secret', async () => {
    const shoot = await stage.shoot();
    await stage.kube.delete(secrets, { namespace: shoot.namespace, name: 'cloudprovider' });
    await shoot.run('forceDelete');
    expect(shoot.events).toEqual([expect.stringMatching(/^Warning NotReleased .*does not exist/)]);
  });
});

describe('migration', () => {
  test('frees machine class Secrets and leaves metal-api alone; restore adopts', async () => {
    const shoot = await stage.shoot();
    await shoot.run('reconcile');
    const { namespace } = shoot;
    const create = (name: string, label: string, finalizers: string[]) =>
      stage.kube.create(secrets, { metadata: { namespace, name, labels: { [label]: 'machineclass' }, finalizers } });
    await create('shoot--old', 'garden.sapcloud.io/purpose', ['example.org/other', MACHINE_CONTROLLER_FINALIZER]);
    await create('shoot--new', 'gardener.cloud/purpose', [MACHINE_CONTROLLER_FINALIZER]);
    await create('other', 'gardener.cloud/purpose', [MACHINE_CONTROLLER_FINALIZER]);
    expect(await shoot.callsOf(() => shoot.run('migrate'))).toEqual([]);
    const finalizers = async (name: string) => (await stage.kube.get(secrets, { namespace, name })).metadata.finalizers;
    expect(await finalizers('shoot--old')).toEqual(['example.org/other']);
    expect(await finalizers('shoot--new')).toBeUndefined();
    expect(await finalizers('other')).toEqual([MACHINE_CONTROLLER_FINALIZER]);

    const cidr = shoot.object.status?.nodesCIDR;
    shoot.object.status = {};
    await shoot.run('restore');
    expect(shoot.object.status?.nodesCIDR).toBe(cidr);
    expect(shoot.networks()).toHaveLength(1);
  });
});

test('killed after any call, the next run ends the work and nothing is left over', async () => {
  await using fragile = await createStage(inject('kubeconfig'), clock, { retries: 0 });
  const { metal } = fragile;
  const dieAfter = (calls: number) =>
    metal.knobs.set({
      next: [...(calls > 0 ? [{ pattern: '*', times: calls }] : []), { pattern: '*', lost: true }],
    });
  let died = 0;
  for (let calls = 0; calls < 9; calls += 1) {
    const order = { networkid: 'internet', projectid: PROJECT, type: 'static' };
    const { ipaddress } = (await callMetal(metal, 'POST', '/v1/ip/allocate', order)) as { ipaddress: string };
    const shoot = await fragile.shoot({ egress: { internet: [ipaddress] } });
    const twice = async (method: 'reconcile' | 'delete') => {
      dieAfter(calls);
      await shoot.run(method).catch(() => {
        died += 1;
      });
      metal.knobs.reset();
      await shoot.run(method);
    };
    await twice('reconcile');
    expect(shoot.networks()).toHaveLength(1);
    const tags = [serviceTag(shoot)];
    for (let ip = 0; ip < 2; ip += 1) {
      await callMetal(metal, 'POST', '/v1/ip/allocate', { ...order, type: 'ephemeral', tags });
    }
    await twice('delete');
    expect(shoot.networks()).toEqual([]);
    expect([...metal.state.ips.all()].filter((ip) => ip.tags.length > 0)).toEqual([]);
    expect([...metal.state.ips.all()]).toHaveLength(calls + 1);
  }
  expect(died).toBe(5 + 6);
});
