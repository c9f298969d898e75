import { afterAll, describe, expect, test } from 'vitest';
import { PARTITION, PROJECT, WORKER_SIZE } from '../../landscape/metal-api/fixture.ts';
import { startForTest, type TestApi } from '../../landscape/metal-api/test-client.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { createFakeClock, type FakeClock } from '../../src/kube/fake-clock.ts';
import { createFakeLog } from '../../src/kube/fake-log.ts';
import type { MachineDriver, MachineRequest } from '../../src/providers/machine.ts';
import { createMetalMachineDriver } from '../../src/providers/metal/machine/driver.ts';
import { createMetalApiRegistry } from '../../src/providers/metal/metal-api/registry.ts';
import { eventually } from '../scene/eventually.ts';

const ALLOCATE = 'POST /v1/machine/allocate';
const FIND = 'POST /v1/machine/find';
const FREE = 'DELETE /v1/machine/*/free';
const closing: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

interface Stage {
  readonly simulator: TestApi;
  readonly driver: MachineDriver;
  readonly clock: FakeClock;
  readonly lines: ReturnType<typeof createFakeLog>['lines'];
  readonly request: (name: string, change?: Partial<Order>) => MachineRequest & { userData: string };
  /** As another would allocate it. */
  readonly foreign: (name: string, change?: object, kind?: string) => Promise<string>;
  /** Hostname of each allocated machine, by id. */
  readonly allocated: () => Map<string, string>;
  readonly callsOf: (operation: string) => number;
}

interface Order {
  readonly providerID: string;
  readonly spec: object;
  readonly secret: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

async function startStage(simulator: TestApi): Promise<Stage> {
  const { api, call } = simulator;
  const clock = createFakeClock();
  const quick = { retryDelayMs: 1, retryMaxDelayMs: 2, timeoutMs: 1_500 };
  const metalApis = createMetalApiRegistry({ clock: systemClock, ...quick });
  closing.push(() => metalApis.close());
  const log = createFakeLog();
  const { body: network } = await call('POST', '/v1/network/allocate', { projectid: PROJECT, partitionid: PARTITION });
  const spec = {
    ...{ partition: PARTITION, size: WORKER_SIZE, image: 'ubuntu-24.4', project: PROJECT, network: network.id },
    tags: ['kubernetes.io/role=node', 'cluster.metal-stack.io/id=C'],
    fromTheFuture: true,
  };
  const secret = { metalAPIURL: api.url, metalAPIHMac: 'metal-admin' };
  const buffers = (texts: object) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text)]));
  return {
    ...{ simulator, clock, lines: log.lines },
    driver: createMetalMachineDriver({ metalApis, clock, log }),
    request: (name, change = {}) => ({
      machine: {
        metadata: { name, namespace: 'shoot--p--s' },
        spec: {
          class: { kind: 'MachineClass', name: 'c' },
          ...(change.providerID ? { providerID: change.providerID } : {}),
        },
      },
      machineClass: {
        metadata: { name: 'c' },
        provider: 'metal',
        providerSpec: { ...spec, ...change.spec },
        secretRef: { name: 'c', namespace: 'shoot--p--s' },
      },
      secret: buffers({ ...secret, ...change.secret }),
      userData: '#!/bin/bash\necho it is me\n',
      signal: change.signal ?? new AbortController().signal,
    }),
    async foreign(name, change = {}, kind = 'machine') {
      const { body } = await call('POST', `/v1/${kind}/allocate`, {
        ...{ projectid: PROJECT, partitionid: PARTITION, sizeid: WORKER_SIZE, imageid: 'ubuntu-24.4' },
        ...{ name, hostname: name, tags: ['cluster.metal-stack.io/id=C'], networks: [{ networkid: network.id }] },
        ...change,
      });
      return body.id;
    },
    allocated: () =>
      new Map(
        [...api.state.machines.values()].flatMap(({ id, allocation }) =>
          allocation ? [[id, allocation.hostname]] : [],
        ),
      ),
    callsOf: (operation) => api.calls.since().filter((made) => made.operation === operation).length,
  };
}

const idIn = (providerID: string): string => providerID.slice(`metal:///${PARTITION}/`.length);

describe('create', () => {
  test('allocates what the class says, and the same machine once', async () => {
    await using simulator = await startForTest({ contract: true });
    const { driver, request, allocated, callsOf } = await startStage(simulator);
    const spec = {
      sshKeys: ['ssh-rsa AAAA core@shoot'],
      dnsServers: [{ ip: '1.1.1.1' }],
      ntpServers: [{ address: 'ntp.example.org' }],
    };
    const made = await driver.create(request('w-1', { spec }));
    expect(made.nodeName).toBe('w-1');
    expect(allocated()).toEqual(new Map([[idIn(made.providerID), 'w-1']]));
    const machine = simulator.api.state.machines.get(idIn(made.providerID));
    expect(machine?.allocation).toMatchObject({
      ...{ role: 'machine', name: 'w-1', hostname: 'w-1', description: 'w-1 created by Gardener.' },
      user_data: '#!/bin/bash\necho it is me',
      ssh_pub_keys: ['ssh-rsa AAAA core@shoot'],
      dns_servers: [{ ip: '1.1.1.1' }],
      ntp_servers: [{ address: 'ntp.example.org' }],
      placementTags: ['cluster.metal-stack.io/id=C'],
    });
    expect(machine?.tags).toEqual(expect.arrayContaining(['kubernetes.io/role=node', 'cluster.metal-stack.io/id=C']));
    expect(await driver.create(request('w-1'))).toEqual(made);
    expect(await driver.create(request('w-1', { providerID: 'metal:///elsewhere/gone' }))).toEqual(made);
    expect(callsOf('allocateMachine')).toBe(1);
    expect(simulator.api.violations).toEqual([]);
  });

  test('adopts the machine whose answer was lost', async () => {
    await using simulator = await startForTest();
    const { driver, request, allocated } = await startStage(simulator);
    simulator.api.knobs.nextLost(ALLOCATE);
    await expect(driver.create(request('w-1'))).rejects.toMatchObject({ code: 'Unavailable' });
    const { providerID } = await driver.create(request('w-1'));
    expect([...allocated().keys()]).toEqual([idIn(providerID)]);
  });

  test('waits for an order that was not answered before it makes another', async () => {
    await using simulator = await startForTest();
    const { driver, request, clock, callsOf, allocated } = await startStage(simulator);
    simulator.api.knobs.turn({ next: [{ pattern: ALLOCATE, status: 504 }] });
    await expect(driver.create(request('w-1'))).rejects.toMatchObject({ code: 'Unavailable' });
    const waiting = { code: 'Unavailable', message: expect.stringMatching(/was not answered.* 30 s more/) };
    await expect(driver.create(request('w-1'))).rejects.toMatchObject(waiting);
    await expect(driver.delete(request('w-1'))).rejects.toMatchObject(waiting);
    await driver.create(request('w-2'));
    clock.advance(30_000);
    await driver.create(request('w-1'));
    expect(callsOf('allocateMachine')).toBe(3);
    expect([...allocated().values()].sort()).toEqual(['w-1', 'w-2']);
  });

  test.each(['create', 'delete'] as const)('%s hears of a machine that comes after its look', async (call) => {
    await using simulator = await startForTest();
    const { driver, request, clock, foreign, allocated } = await startStage(simulator);
    simulator.api.knobs.turn({ next: [{ pattern: ALLOCATE, status: 504 }] });
    await expect(driver.create(request('w-1'))).rejects.toMatchObject({ code: 'Unavailable' });
    clock.advance(29_000);
    const looking = driver[call](request('w-1'));
    clock.advance(1_000);
    await expect(looking).rejects.toMatchObject({ code: 'Unavailable' });
    const late = await foreign('w-1');
    await driver[call](request('w-1'));
    expect([...allocated().keys()]).toEqual(call === 'create' ? [late] : []);
  });

  test('adopts what a slow metal-api makes after the caller has gone', async () => {
    await using simulator = await startForTest();
    const { driver, request, callsOf, allocated } = await startStage(simulator);
    simulator.api.knobs.turn({ slow: [{ pattern: ALLOCATE, latencyMs: 2_500 }] });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(driver.create(request('w-1'))).rejects.toMatchObject({ code: 'Unavailable' });
    }
    const { providerID } = await eventually(() => driver.create(request('w-1')));
    expect([...allocated().keys()]).toEqual([idIn(providerID)]);
    expect(callsOf('allocateMachine')).toBe(1);
  });

  test('does not take firewalls, other clusters or other projects for its machine', async () => {
    await using simulator = await startForTest();
    const { driver, request, foreign, allocated } = await startStage(simulator);
    const foreigners = await Promise.all([
      foreign('w-1', { tags: ['cluster.metal-stack.io/id=D'] }),
      foreign('w-1', { tags: ['cluster.metal-stack.io/id=C', 'cluster.metal-stack.io/id/other=D'] }),
      foreign('w-1', { sizeid: 'n1-medium-x86', imageid: 'firewall-ubuntu-3.0' }, 'firewall'),
      foreign('w-11'),
    ]);
    const { providerID } = await driver.create(request('w-1'));
    expect(foreigners).not.toContain(idIn(providerID));
    await driver.delete(request('w-1', { providerID }));
    await driver.delete(request('w-1'));
    expect([...allocated().keys()].sort()).toEqual(foreigners.sort());
  });

  test('two concurrent calls on different names take two machines', async () => {
    await using simulator = await startForTest();
    const { driver, request, allocated } = await startStage(simulator);
    const names = Array.from({ length: 10 }, (_, index) => `w-${index}`);
    await Promise.all(names.map((name) => driver.create(request(name))));
    expect([...allocated().values()].sort()).toEqual(names);
  });
});

describe('a machine that was allocated twice', () => {
  test('is its oldest; the others are reported, and freed only by their id', async () => {
    const hardwareClock = createFakeClock(Date.now());
    await using simulator = await startForTest({ clock: hardwareClock });
    const { driver, request, foreign, lines, allocated } = await startStage(simulator);
    const oldest = await foreign('w-1');
    hardwareClock.advance(1_000);
    const younger = await foreign('w-1');
    const { providerID } = await driver.create(request('w-1'));
    expect(idIn(providerID)).toBe(oldest);
    expect(lines).toContainEqual({
      level: 'warn',
      message: expect.stringContaining('several machines of one name'),
      values: { machine: 'w-1', machines: [oldest, younger] },
    });
    const record = { providerID: `metal://${PARTITION}/${younger}` };
    expect(idIn((await driver.status(request('w-1', record))).providerID)).toBe(younger);
    await driver.delete(request('w-1', record));
    expect([...allocated().keys()]).toEqual([oldest]);
  });

  test('and never recorded is freed whole with its Machine', async () => {
    await using simulator = await startForTest();
    const { driver, request, foreign, allocated } = await startStage(simulator);
    await foreign('w-1');
    await foreign('w-1');
    const other = await foreign('w-2');
    await driver.delete(request('w-1'));
    expect([...allocated().keys()]).toEqual([other]);
  });
});

describe('delete', () => {
  test('is done when the machine is gone, or another has its hardware by now', async () => {
    await using simulator = await startForTest();
    const { driver, request, foreign, allocated } = await startStage(simulator);
    const { providerID } = await driver.create(request('w-1'));
    await driver.delete(request('w-1', { providerID }));
    await driver.delete(request('w-1', { providerID }));
    const id = await foreign('w-2', { uuid: idIn(providerID) });
    expect(id).toBe(idIn(providerID));
    await driver.delete(request('w-1', { providerID }));
    expect([...allocated().keys()]).toEqual([id]);
    await expect(driver.status(request('w-1', { providerID }))).rejects.toMatchObject({ code: 'NotFound' });
  });

  test('whose answer was lost is finished by the next', async () => {
    await using simulator = await startForTest();
    const { driver, request, allocated } = await startStage(simulator);
    const { providerID } = await driver.create(request('w-1'));
    simulator.api.knobs.nextLost(FREE);
    await expect(driver.delete(request('w-1', { providerID }))).rejects.toMatchObject({ code: 'Unavailable' });
    await driver.delete(request('w-1', { providerID }));
    expect(allocated().size).toBe(0);
  });

  test('of a locked machine waits for the operator', async () => {
    await using simulator = await startForTest();
    const { driver, request } = await startStage(simulator);
    const { providerID } = await driver.create(request('w-1'));
    const lock = { value: 'LOCKED', description: 'looked into' };
    await simulator.call('POST', `/v1/machine/${idIn(providerID)}/state`, lock);
    await expect(driver.delete(request('w-1', { providerID }))).rejects.toMatchObject({ code: 'FailedPrecondition' });
  });
});

test('list has all workers of the cluster with one call, and nothing else', async () => {
  await using simulator = await startForTest();
  const { driver, request, foreign, callsOf } = await startStage(simulator);
  const mine = await Promise.all(['w-1', 'w-2'].map((name) => driver.create(request(name))));
  await foreign('w-3', { tags: ['cluster.metal-stack.io/id=CC'] });
  await foreign('fw', { sizeid: 'n1-medium-x86', imageid: 'firewall-ubuntu-3.0' }, 'firewall');
  simulator.api.calls.clear();
  const { machine: _, ...listing } = request('none');
  expect(await driver.list(listing)).toEqual(new Map(mine.map(({ providerID, nodeName }) => [providerID, nodeName])));
  expect(callsOf('findMachines')).toBe(1);
});

describe('failures', () => {
  test.each([
    [{ pattern: ALLOCATE, status: 422, message: 'unable to find machine:no machine available' }, 'ResourceExhausted'],
    [{ pattern: ALLOCATE, status: 422, message: 'project quota for machines reached max:3' }, 'ResourceExhausted'],
    [{ pattern: ALLOCATE, status: 422, message: 'too many parallel machine allocations taking place' }, 'Unavailable'],
    [{ pattern: ALLOCATE, status: 404, message: 'NotFound no network with id "n" found' }, 'FailedPrecondition'],
    [{ pattern: ALLOCATE, status: 400, message: 'given image is not usable' }, 'InvalidArgument'],
    [{ pattern: ALLOCATE, status: 409, message: 'Conflict' }, 'Aborted'],
    [{ pattern: ALLOCATE, status: 429 }, 'Unavailable'],
    [{ pattern: ALLOCATE, status: 500 }, 'Unavailable'],
    [{ pattern: ALLOCATE, status: 403, message: 'you are not member in one of [x]' }, 'PermissionDenied'],
    [{ pattern: FIND, status: 403, message: 'wrong hmac' }, 'Unauthenticated'],
    [{ pattern: FIND, status: 404, message: 'NotFound' }, 'FailedPrecondition'],
    [{ pattern: FIND, status: 400, message: 'unknown field' }, 'Internal'],
    [{ pattern: FIND, status: 503, times: 9 }, 'Unavailable'],
  ])('%j is %s', async (fault, code) => {
    await using simulator = await startForTest();
    const { driver, request, allocated } = await startStage(simulator);
    simulator.api.knobs.turn({ next: [fault] });
    await expect(driver.create(request('w-1'))).rejects.toMatchObject({ code });
    expect(allocated().size).toBe(0);
  });

  test('a find that is not answered in time is repeated, then DeadlineExceeded', async () => {
    await using simulator = await startForTest();
    const { driver, request, callsOf } = await startStage(simulator);
    simulator.api.knobs.turn({ unavailable: 'hang' });
    await expect(driver.status(request('w-1'))).rejects.toMatchObject({ code: 'DeadlineExceeded' });
    expect(callsOf('allocateMachine')).toBe(0);
  });

  test('errors now and then are overcome', async () => {
    await using simulator = await startForTest();
    const { driver, request } = await startStage(simulator);
    simulator.api.knobs.turn({ next: [{ pattern: FIND, status: 500, times: 2 }] });
    await driver.create(request('w-1'));
  });

  test('a call that was given up is Canceled', async () => {
    await using simulator = await startForTest();
    const { driver, request } = await startStage(simulator);
    const given = driver.create(request('w-1', { signal: AbortSignal.abort(new Error('stopping')) }));
    await expect(given).rejects.toMatchObject({ code: 'Canceled', message: 'stopping' });
  });

  test.each<[string, Partial<Order>, RegExp]>([
    [
      'a spec without anything',
      { spec: { partition: '', size: null, image: undefined, project: 1, network: '', tags: 'x' } },
      /\[image is .*, network is .*, partition is .*, project is .*, size is required field, tags: /,
    ],
    ['no cluster', { spec: { tags: ['a=b'] } }, /did not contain metal-stack cluster tag/],
    ['an empty cluster', { spec: { tags: ['cluster.metal-stack.io/id='] } }, /did not contain metal-stack cluster tag/],
    ['two clusters', { spec: { tags: ['cluster.metal-stack.io/id=C', 'cluster.metal-stack.io/id=D'] } }, /several/],
    ['no URL', { secret: { metalAPIURL: '' } }, /metalAPIURL is required field/],
    ['no URL of HTTP', { secret: { metalAPIURL: 'file:///etc/passwd' } }, /not the http/],
    ['no key', { secret: { metalAPIHMac: '' } }, /either metalAPIHMac or metalAPIKey/],
    ['two keys', { secret: { metalAPIKey: 'also' } }, /not both/],
    ['a record of another provider', { providerID: 'aws:///a/b' }, /"aws:\/\/\/a\/b" is no provider id of metal/],
  ])('%s is an InvalidArgument', async (_, change, message) => {
    await using simulator = await startForTest();
    const { driver, request } = await startStage(simulator);
    await expect(driver.status(request('w-1', change))).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringMatching(message),
    });
  });

  test('no user data is an InvalidArgument before anything is taken', async () => {
    await using simulator = await startForTest();
    const { driver, request, callsOf } = await startStage(simulator);
    const { userData: _, ...bare } = request('w-1');
    await expect(driver.create(bare)).rejects.toMatchObject({ code: 'InvalidArgument' });
    expect(callsOf('allocateMachine')).toBe(0);
  });
});
