import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { clusters, infrastructures } from '../../src/apis/extensions/resources.ts';
import { applyFixes } from '../../src/commands/doctor-fix.ts';
import { exitCodeOf } from '../../src/doctor/report.ts';
import { createFakeLog } from '../../src/kube/fake-log.ts';
import { createKubeClient } from '../../src/kube/http-client.ts';
import { namespaces } from '../../src/kube/namespace.ts';
import type { KubeObject, ObjectKey } from '../../src/kube/object.ts';
import { defineResource, type Resource } from '../../src/kube/resource.ts';
import { secrets } from '../../src/kube/secret.ts';
import type { Fix } from '../../src/providers/doctor.ts';
import { createMetalDoctor } from '../../src/providers/metal/doctor/doctor.ts';
import { createMetalApiRegistry } from '../../src/providers/metal/metal-api/registry.ts';
import { webhookConfigurations } from '../../src/webhooks/registration.ts';
import { metalShoot } from '../scene/metal-shoot.ts';
import { allocateIP } from '../scene/metal-stock.ts';
import { type Seed, startSeed } from '../scene/seed.ts';
import { createShoot } from '../scene/shoot.ts';
import { damages } from './doctor-damage.ts';
import { gardenDamages } from './doctor-garden-damage.ts';
import { createGarden, installGarden, shoots } from './doctor-garden-stage.ts';
import {
  allocateMachine,
  allocateNetwork,
  beat,
  configOf,
  createHome,
  egressTag,
  freeIP,
  freeMachine,
  HMAC,
  type Home,
  idTag,
  later,
  look,
  service,
} from './doctor-stage.ts';

let seed: Seed;
let home: Home;

beforeAll(async () => {
  seed = await startSeed({
    dir: join(inject('landscapeDir'), 'doctor'),
    parts: inject('parts'),
    metalApi: { contract: true },
  });
  await installGarden(seed.client);
  await createGarden(seed.client, seed.metalApi.url);
  home = await createHome(seed.client, seed.metalApi, 'home');
  await beat(seed.client);
});
afterAll(async () => {
  expect(seed.metalApi.violations).toEqual([]);
  await seed[Symbol.asyncDispose]();
});

const lookWithGarden = (fix = false) => look(seed.client, { garden: seed.client, fix });

test('a healthy Shoot gives no findings, with as few calls as there are lists', async () => {
  const before = seed.metalApi.calls.last;
  const { findings, unseen, seeds } = await lookWithGarden();
  expect({ findings, unseen, seeds }).toEqual({ findings: [], unseen: [], seeds: [{ name: 'seed', clusters: 1 }] });
  const calls = seed.metalApi.calls.since(before).map(({ operation }) => operation);
  expect(calls.sort()).toEqual(['findIPs', 'findMachines', 'findNetworks', 'listImages', 'listSizes']);
});

/** Everything that metal-api holds for somebody, by kind and id. A machine that was freed goes on with its life. */
function held(): ReadonlyMap<string, string> {
  const { networks, ips, machines } = seed.metalApi.state;
  const used = [...machines.values()].filter(({ allocation }) => allocation);
  return new Map([
    ...[...networks.values()].map((network) => [`network ${network.id}`, JSON.stringify(network)] as const),
    ...[...ips.all()].map((ip) => [`ip ${ip.ipaddress}`, JSON.stringify(ip)] as const),
    ...used.map(({ id, tags, allocation }) => [`machine ${id}`, `${allocation?.hostname} ${tags}`] as const),
  ]);
}

test.each([...damages, ...gardenDamages])(
  '%s is found (%s), told once, and nothing else is touched',
  async (kind, severity, damage) => {
    const undo = await damage({ seed, home });
    try {
      const before = held();
      const { findings, unseen } = await lookWithGarden();
      expect(unseen).toEqual([]);
      expect(findings.filter((finding) => finding.kind === kind)).toMatchObject([{ severity }]);
      expect(findings.filter(({ fix }) => fix)).toEqual([]);
      expect(held()).toEqual(before);
    } finally {
      await undo();
    }
    expect((await lookWithGarden()).findings).toEqual([]);
  },
);

describe('what is left of a cluster that is no more', () => {
  const gone = randomUUID();
  const undo: (() => Promise<unknown>)[] = [];
  const ids = { machine: '', network: '', ephemeral: '' };
  let before: ReturnType<typeof held>;

  beforeAll(async () => {
    const { metalApi, client } = seed;
    before = held();
    ids.network = (await allocateNetwork(metalApi, gone)).id;
    const made = 'kubernetes.io/cluster=shoot--test--gone';
    ids.machine = await allocateMachine(metalApi, 'machine', 'left', ids.network, [idTag(gone), made]);
    ids.ephemeral = (await allocateIP(metalApi, 'ephemeral', [service(gone)])).ipaddress;
    const keep = [
      await allocateIP(metalApi, 'static', [egressTag(gone)]),
      await allocateIP(metalApi, 'ephemeral', [service(gone), service(home.uid)]),
      await allocateIP(metalApi, 'ephemeral', [service(gone), 'team=a']),
      await allocateIP(metalApi, 'ephemeral', ['team=a']),
    ];
    const both = await allocateMachine(metalApi, 'firewall', 'both', home.networkID, [
      idTag(gone),
      egressTag(home.uid),
      made,
    ]);
    undo.push(
      ...keep.map(
        ({ ipaddress }) =>
          () =>
            freeIP(seed, ipaddress),
      ),
      () => freeMachine(seed, both),
    );
    const labels = { 'gardener.cloud/purpose': 'machineclass', 'garden.sapcloud.io/purpose': 'machineclass' };
    const { namespace } = home;
    await client.create(secrets, { metadata: { namespace, name: `${namespace}-w-00000`, labels }, data: {} });
    const purpose = { 'gardener.cloud/purpose': 'machineclass' };
    await client.create(secrets, { metadata: { namespace, name: 'of-another', labels: purpose }, data: {} });
    for (const resource of Object.values(webhookConfigurations)) {
      for (const name of ['shoot--test--gone', namespace])
        await client.create(resource, { metadata: { name: `firewall-controller-manager-${name}` } });
    }
  });

  test('with the seed alone nobody is said to be gone, and nothing of metal-api is fixed', async () => {
    const before = held();
    const { findings } = await look(seed.client);
    expect(findings.filter(({ kind }) => kind === 'ClusterNotOfThisSeed')).toMatchObject([
      { severity: 'info', object: `cluster ${gone}` },
    ]);
    expect(findings.filter(({ fix }) => fix?.action === 'release')).toEqual([]);
    expect(findings.filter(({ kind }) => kind.endsWith('Leaked')).map(({ kind }) => kind)).toEqual(
      Array(2).fill('WebhookConfigurationLeaked'),
    );
    expect(held()).toEqual(before);
  });

  test('a garden that does not know the cluster of the seed proves nothing', async () => {
    const empty = { ...seed.client, list: async () => ({ resourceVersion: '1', items: [] }) };
    const { findings } = await look(seed.client, { garden: empty });
    expect(findings.filter(({ kind }) => kind === 'ShootUnknown')).toHaveLength(1);
    expect(findings.filter(({ fix }) => fix?.action === 'release')).toEqual([]);
  });

  test('a dry run writes nothing, and says what is offered', async () => {
    const before = held();
    const { findings } = await lookWithGarden();
    const offers = findings.flatMap(({ fix }) => (fix ? [fix.action === 'release' ? fix.id : fix.key.name] : []));
    expect(offers.sort()).toEqual(
      [
        ids.machine,
        ids.ephemeral,
        ids.network,
        `${home.namespace}-w-00000`,
        'firewall-controller-manager-shoot--test--gone',
        'firewall-controller-manager-shoot--test--gone',
      ].sort(),
    );
    expect(held()).toEqual(before);
  });

  test('nothing is fixed while metal-api cannot be reached, and that is no leak', async () => {
    await seed.metalApi.pause();
    try {
      const report = await lookWithGarden(true);
      expect(exitCodeOf(report)).toBe(2);
      expect(report.unseen).toMatchObject([{ what: expect.stringMatching(/^project 1111/) }]);
      expect(report.findings.filter(({ result }) => result)).toEqual([]);
      expect(report.findings.filter(({ kind }) => /^(IP|Machine|Network|Node)/.test(kind))).toEqual([]);
    } finally {
      await seed.metalApi.resume();
    }
  });

  test('who is stopped in the middle begins anew, and only what is offered is gone', async () => {
    const expected = held();
    const stop = new AbortController();
    const log = createFakeLog();
    const info: typeof log.info = (_values, message) => {
      if (message === 'fix') stop.abort(new Error('stopped after the first'));
    };
    const stopped = look(seed.client, { garden: seed.client, fix: true, signal: stop.signal, log: { ...log, info } });
    await expect(stopped).rejects.toThrow('stopped after the first');

    const report = await lookWithGarden(true);
    expect(report.findings.filter(({ result }) => result?.outcome === 'left')).toEqual([]);
    const again = await lookWithGarden(true);
    expect(again.findings.filter(({ fix }) => fix)).toEqual([]);
    expect(again.findings.map(({ kind }) => kind).sort()).toEqual([
      'ClassSecretStale',
      'FirewallUnknown',
      'IPLeaked',
      'IPLeaked',
      'IPLeaked',
      'IPShared',
      'MachineLeaked',
    ]);

    const gone = [...expected].filter(([id, content]) => held().get(id) !== content).map(([id]) => id);
    // The private address of a machine goes with it.
    expect(gone.filter((id) => !id.startsWith('ip 10.')).sort()).toEqual([
      `ip ${ids.ephemeral}`,
      `machine ${ids.machine}`,
      `network ${ids.network}`,
    ]);
    expect([...held().keys()].filter((id) => !expected.has(id))).toEqual([]);
    const { namespace } = home;
    for (const [name, stays] of [
      [`${namespace}-w-00000`, false],
      ['of-another', true],
      [home.machine.className, true],
    ] as const)
      expect((await seed.client.find(secrets, { namespace, name })) !== undefined).toBe(stays);
    for (const resource of Object.values(webhookConfigurations)) {
      const { items } = await seed.client.list(resource);
      const names = items.map(({ metadata }) => metadata.name).filter((name) => name.startsWith('firewall-controller'));
      expect(names).toEqual([`firewall-controller-manager-${namespace}`]);
    }
  });

  afterAll(async () => {
    for (const step of undo) await step();
    const { namespace } = home;
    await seed.client.delete(secrets, { namespace, name: 'of-another' });
    expect((await lookWithGarden()).findings).toEqual([]);
    expect(held()).toEqual(before);
  });
});

test('a fix looks again: what is needed by then stays', async () => {
  const { client } = seed;
  const { namespace, machine } = home;
  const uidOf = async (resource: Resource, key: ObjectKey) => (await client.get(resource, key)).metadata.uid ?? '';
  const secret = { namespace, name: machine.className };
  const webhooks = { name: `firewall-controller-manager-${namespace}` };
  const kind = 'MutatingWebhookConfiguration';
  const deletions: readonly (readonly [Fix, string])[] = [
    [{ action: 'delete', kind: 'Secret', key: secret, uid: await uidOf(secrets, secret) }, 'left'],
    [{ action: 'delete', kind: 'Secret', key: secret, uid: 'another' }, 'gone'],
    [
      {
        ...{ action: 'delete', kind, key: webhooks, goneNamespace: namespace },
        uid: await uidOf(webhookConfigurations.mutating, webhooks),
      },
      'left',
    ],
    [{ action: 'release', resource: 'ip', id: home.egress, account: '', clusterID: home.uid }, 'left'],
  ];
  const text = { object: '', seed: 'seed', cluster: '', message: '', advice: '' };
  const about = { severity: 'warning', kind: 'Test', ...text } as const;
  const told = await applyFixes(
    deletions.map(([fix]) => ({ ...about, fix })),
    {
      kubes: new Map([['seed', client]]),
      view: await createMetalDoctor({ metalApis: createMetalApiRegistry({ clock: later }) }).look(
        [],
        [],
        AbortSignal.timeout(30_000),
      ),
      isGone: () => false,
      log: createFakeLog(),
      signal: AbortSignal.timeout(30_000),
    },
  );
  expect(told.map(({ result }) => result?.outcome)).toEqual(deletions.map(([, outcome]) => outcome));
  await client.get(secrets, secret);
  await client.get(webhookConfigurations.mutating, webhooks);
});

describe('the command', () => {
  const bundle = fileURLToPath(new URL('../../dist/main.mjs', import.meta.url));
  const run = (...args: readonly string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const { kubeconfig } = seed.plane.garden;
      const all = [bundle, 'doctor', '--kubeconfig', kubeconfig, '--garden-kubeconfig', kubeconfig, ...args];
      execFile(process.execPath, all, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : Number(error !== null), stdout, stderr });
      });
    });

  test('0: healthy', async () => {
    const { code, stdout } = await run();
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1 cluster: 0 errors, 0 warnings, 0 notes\n' });
  });

  test('1: findings, for people and for programs, and no secret in them', async () => {
    const { ipaddress } = await allocateIP(seed.metalApi, 'static', [egressTag(home.uid)]);
    const [text, json] = await Promise.all([run(), run('-o', 'json')]);
    await freeIP(seed, ipaddress);
    expect(text.code).toBe(1);
    expect(text.stdout).toContain(`${home.namespace}\n  warning  ip ${ipaddress}  has the egress tag of the cluster`);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ...{ exitCode: 1, clusters: 1, errors: 0, warnings: 1, notes: 0, unseen: [] },
      findings: [{ kind: 'EgressIPUnwanted', object: `ip ${ipaddress}`, cluster: home.namespace }],
    });
    for (const shown of [text.stdout, text.stderr, json.stdout, json.stderr])
      for (const secret of [HMAC, btoa(HMAC)]) expect(shown).not.toContain(secret);
  });

  test('2: what cannot be looked at', async () => {
    await seed.metalApi.pause();
    const answers = await Promise.all([run(), run('--fix', '--yes')]);
    await seed.metalApi.resume();
    for (const { code, stdout, stderr } of answers) {
      expect(code).toBe(2);
      expect(stdout).toContain('could not look at');
      expect(stdout + stderr).not.toContain(HMAC);
    }
    expect((await run('--yes')).code).toBe(2);
    expect((await run('--garden-kubeconfig', '/nowhere')).code).toBe(2);
  });
});

/** Gives a user what a ClusterRole or Role of the docs grants. */
async function grant(user: string, role: KubeObject): Promise<void> {
  const prefix = role.metadata.namespace ? '' : 'Cluster';
  const namespaced = prefix === '';
  const group = 'rbac.authorization.k8s.io';
  const kindOf = (kind: string) =>
    defineResource({ group, version: 'v1', namespaced, kind, plural: `${kind.toLowerCase()}s` });
  await seed.client.create(kindOf(`${prefix}Role`), role);
  await seed.client.create(kindOf(`${prefix}RoleBinding`), {
    metadata: role.metadata,
    roleRef: { apiGroup: group, kind: `${prefix}Role`, name: role.metadata.name },
    subjects: [{ apiGroup: group, kind: 'User', name: user }],
  } as KubeObject);
}

const readDocs = () => readFile(new URL('../../docs/operations/doctor.md', import.meta.url), 'utf8');

test('the docs say what each finding is', async () => {
  const docs = await readDocs();
  const told = [...damages, ...gardenDamages].map(([kind]) => kind).filter((kind) => !kind.startsWith('Condition'));
  expect(told.filter((kind) => !docs.includes(`\`${kind}\``))).toEqual([]);
});

test('the roles of the docs are enough', async () => {
  const docs = await readDocs();
  const roles = [...docs.matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap(([, text = '']) => loadAll(text) as KubeObject[]);
  for (const role of roles) await grant('doctor', role);
  const client = createKubeClient({ kubeconfig: await seed.plane.writeKubeconfig('doctor') });
  const secret = { namespace: home.namespace, name: `${home.namespace}-w-11111` };
  const labels = { 'garden.sapcloud.io/purpose': 'machineclass' };
  await seed.client.create(secrets, { metadata: { ...secret, labels }, data: {} });
  const webhooks = { name: 'firewall-controller-manager-shoot--test--left' };
  for (const resource of Object.values(webhookConfigurations))
    await seed.client.create(resource, { metadata: webhooks });
  await vi.waitFor(() => client.list(clusters), { timeout: 10_000, interval: 100 });
  const { findings, unseen } = await look(client, { garden: client, fix: true });
  await client.close();
  expect({ unseen, results: findings.map(({ result }) => result) }).toEqual({
    unseen: [],
    results: Array(3).fill({ outcome: 'done' }),
  });
});

test('a cluster that is nowhere at metal-api is no trouble of metal-api', async () => {
  const options = metalShoot({ endpoint: seed.metalApi.url });
  const { uid } = await seed.client
    .create(shoots, { metadata: { namespace: 'garden-test', name: 'lost' }, spec: {} })
    .then(({ metadata }) => metadata);
  const lost = await createShoot(seed.client, { ...options, providerConfig: configOf([]), cloudProfileConfig: {} });
  await seed.client.mergePatch(clusters, { name: lost.namespace }, { spec: { shoot: { metadata: { uid } } } });
  const { seeds, findings, unseen } = await lookWithGarden();
  expect({ seeds, unseen }).toEqual({ seeds: [{ name: 'seed', clusters: 2 }], unseen: [] });
  expect(findings.map(({ kind }) => kind)).toEqual(['OperationNotTaken']);
  await seed.client.delete(infrastructures, lost.key);
  await seed.client.delete(clusters, { name: lost.namespace });
});

test('an object that is younger than an hour is left alone', async () => {
  const gone = randomUUID();
  const { ipaddress } = await allocateIP(seed.metalApi, 'ephemeral', [service(gone)]);
  expect(later.now() - Date.now()).toBeGreaterThan(3600_000);
  const { findings } = await look(seed.client, { garden: seed.client, clock: { ...later, now: Date.now } });
  await freeIP(seed, ipaddress);
  expect(findings).toEqual([]);
});

test('namespaces of other types are not looked at', async () => {
  const name = 'shoot--test--other';
  await seed.client.create(namespaces, { metadata: { name } });
  const shoot = {
    metadata: { name: 'other', uid: randomUUID() },
    spec: { provider: { type: 'other' } },
  };
  await seed.client.create(clusters, {
    metadata: { name },
    spec: { shoot, seed: {}, cloudProfile: { metadata: { name: 'p' }, spec: {} } },
  });
  expect((await lookWithGarden()).seeds).toEqual([{ name: 'seed', clusters: 1 }]);
  await seed.client.delete(clusters, { name });
});
