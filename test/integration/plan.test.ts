import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { kubectl } from '../../landscape/up/kubectl.ts';
import { type ManagedResource, managedResources } from '../../src/apis/resources/managed-resource.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { systemClock } from '../../src/kube/clock.ts';
import type { ApiError } from '../../src/kube/errors.ts';
import { createFakeLog } from '../../src/kube/fake-log.ts';
import { createKubeClient } from '../../src/kube/http-client.ts';
import { createMemoryClient } from '../../src/kube/memory/client.ts';
import { createMemoryStore } from '../../src/kube/memory/store.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { readDocuments } from '../../src/plan/documents.ts';
import { sortInput } from '../../src/plan/input.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { readDefaultOptions } from '../../src/providers/metal/admission/default-options.ts';
import { createImages } from '../../src/providers/metal/images.ts';
import { loadManifests } from '../../src/providers/metal/manifests/load.ts';
import { createNamespace } from './kube-kit.ts';

const bundle = fileURLToPath(new URL('../../dist/main.mjs', import.meta.url));
const example = (name: string) => fileURLToPath(new URL(`../../example/${name}.yaml`, import.meta.url));

interface Spoken {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `espalier plan` as a user runs it. */
function plan(...args: readonly string[]): Promise<Spoken> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 16 * 1024 * 1024 };
    execFile(process.execPath, [bundle, 'plan', ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : Number(error !== null), stdout, stderr });
    });
  });
}

interface Shown {
  readonly place: string;
  readonly via?: string;
  readonly action: string;
  // biome-ignore lint/suspicious/noExplicitAny: objects of many kinds
  readonly object: KubeObject & Record<string, any>;
}

const garden = ['cloudprofile', 'credentials', 'seed', 'project'].map(example);
const found = (objects: readonly Shown[], kind: string, name?: string) =>
  objects.filter(({ object }) => object.kind === kind && (name === undefined || object.metadata.name === name));

describe('without a cluster', () => {
  let json: Spoken;
  let objects: readonly Shown[];
  let calls: readonly { readonly call: string; readonly request: object }[];

  beforeAll(async () => {
    json = await plan('-f', example('shoot'), ...garden, '-o', 'json');
    ({ objects, metalApiCalls: calls } = JSON.parse(json.stdout));
  });

  test('the example is allowed and every step succeeds', () => {
    expect(json.code).toBe(0);
    const { admission, steps, assumptions } = JSON.parse(json.stdout);
    expect(admission).toMatchObject({ allowed: true, faults: [] });
    expect(admission.defaults).toContainEqual({
      path: 'spec.provider.infrastructureConfig.firewall.size',
      value: 'n1-medium-x86',
    });
    expect(steps.map(({ kind, error }: { kind: string; error?: object }) => [kind, error])).toEqual([
      ['Infrastructure', undefined],
      ['ControlPlane', undefined],
      ['Worker', undefined],
    ]);
    expect(assumptions.join('\n')).not.toContain('credentials');
  });

  test('a node network is allocated and an egress IP is claimed', () => {
    expect(calls.map(({ call }) => call)).toEqual(['allocateNetwork', 'updateIP']);
    const [allocated] = calls.map(({ request }) => request as { readonly labels?: Record<string, string> });
    expect(allocated).toMatchObject({ name: 'example', partitionid: 'fra-equ01', addressfamily: 'IPv4' });
    const uid = allocated?.labels?.['cluster.metal-stack.io/id'];
    expect(calls[1]?.request).toMatchObject({
      ipaddress: '203.0.113.10',
      tags: [`cluster.metal-stack.io/id/egress=${uid}`],
    });
  });

  test('the firewall is connected to the external and to the node network', () => {
    const [firewall] = found(objects, 'FirewallDeployment');
    expect(firewall).toMatchObject({ place: 'seed', action: 'create' });
    expect(firewall?.object.spec.template.spec).toMatchObject({
      size: 'n1-medium-x86',
      image: 'firewall-ubuntu-3.0.20260112',
      networks: ['internet', '<allocated>'],
      rateLimits: [{ networkID: 'internet', rate: 100 }],
      egressRules: [{ networkID: 'internet', ips: ['203.0.113.10'] }],
    });
  });

  test('machines are wanted of a class that is named by its hash', () => {
    const [deployment] = found(objects, 'MachineDeployment');
    expect(deployment?.object.metadata.name).toBe('shoot--local--example-group-0');
    const className = deployment?.object.spec.template.spec.class.name;
    expect(className).toMatch(/^shoot--local--example-group-0-[0-9a-f]{5}$/);
    const [machineClass] = found(objects, 'MachineClass', className);
    expect(machineClass?.object.providerSpec).toMatchObject({
      network: '<allocated>',
      size: 'c1-xlarge-x86',
      image: 'ubuntu-24.4.20260114',
    });
  });

  test('the control plane comes by ManagedResources, to seed and shoot', () => {
    const [manager] = found(objects, 'Deployment', 'cloud-controller-manager');
    expect(manager).toMatchObject({ place: 'seed', via: 'extension-controlplane-seed' });
    const { env } = manager?.object.spec.template.spec.containers[0] ?? {};
    expect(env).toContainEqual({ name: 'METAL_PARTITION_ID', value: 'fra-equ01' });
    expect(env).toContainEqual({ name: 'METAL_PROJECT_ID', value: '11111111-1111-4111-8111-111111111111' });
    const policies = found(objects, 'ClusterwideNetworkPolicy');
    expect(policies.length).toBeGreaterThan(0);
    for (const policy of policies) {
      expect(policy).toMatchObject({ place: 'shoot', via: 'extension-controlplane-shoot' });
      expect(policy.object.metadata.labels).toMatchObject({ 'shoot.gardener.cloud/no-cleanup': 'true' });
    }
  });

  test('YAML is a stream of Kubernetes documents, with no secret in it, and the same again', async () => {
    const args = ['-f', example('shoot'), '-f', garden[0] ?? '', ...garden.slice(1)];
    const [once, again] = await Promise.all([plan(...args), plan(...args)]);
    expect(once).toEqual(again);
    const documents = loadAll(once.stdout) as KubeObject[];
    expect(documents).toHaveLength(objects.length);
    for (const text of [once.stdout, once.stderr, json.stdout]) {
      expect(text).not.toMatch(/change-me|PRIVATE KEY|BEGIN CERTIFICATE/);
      expect(text).not.toContain(Buffer.from('change-me').toString('base64'));
    }
    expect(once.stderr).toContain('allocateNetwork');
  });

  test('a given metal-api is the one that counts', async () => {
    const state = join(inject('landscapeDir'), 'metal-api-state.yaml');
    await writeFile(state, 'apiVersion: plan/v1\nkind: MetalApiState\nnetworks:\n- id: internet\n');
    const { code, stdout } = await plan('-f', example('shoot'), ...garden, state, '-o', 'summary');
    expect(code).toBe(4);
    expect(stdout).toContain('Infrastructure fails');
    expect(stdout).toContain('203.0.113.10');
  });

  test('a Shoot that is to sleep has a firewall, and no machine', async () => {
    const file = join(inject('landscapeDir'), 'asleep.yaml');
    const text = await readFile(example('shoot'), 'utf8');
    await writeFile(file, text.replace('spec:', 'spec:\n  hibernation: {enabled: true}'));
    const { code, stdout } = await plan('-f', file, ...garden, '-o', 'json');
    expect(code).toBe(0);
    const asleep = JSON.parse(stdout).objects as readonly Shown[];
    expect(found(asleep, 'FirewallDeployment')).toHaveLength(1);
    expect(found(asleep, 'MachineDeployment').map(({ object }) => object.spec.replicas)).toEqual([0]);
  });

  test('a refused Shoot prints every fault and nothing else', async () => {
    const { code, stdout, stderr } = await plan('-f', example('shoot-refused'), ...garden);
    expect(code).toBe(3);
    expect(stdout).toBe('');
    for (const fault of [
      'networkAccesType: Forbidden: unknown field, did you mean networkAccessType?',
      'cluster.metal-stack.io/tenant',
      'infrastructureConfig.partitionID: Unsupported value: "muc-equ01"',
      'firewall.networks[1]: Duplicate value',
      'spec.networking.services: Invalid value',
    ]) {
      expect(stderr).toContain(fault);
    }
  });

  test.each([
    ['no file', [], '-f is required'],
    ['a file that is not there', ['-f', 'nowhere.yaml'], 'nowhere.yaml cannot be read'],
    ['several Shoots', ['-f', fileURLToPath(new URL('../../example', import.meta.url))], 'choose one with --shoot'],
    ['no CloudProfile', ['-f', example('shoot')], 'the CloudProfile metal, which is not given'],
    ['no Shoot', ['-f', example('cloudprofile')], 'no Shoot is given'],
    ['a cluster that is not asked for', ['-f', example('shoot'), '--kubeconfig', 'x'], 'add it'],
  ])('%s: the answer says what to do', async (_, args, words) => {
    const { code, stderr } = await plan(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});

describe('--diff', () => {
  const name = `plan-${randomBytes(3).toString('hex')}`;
  const namespace = `shoot--local--${name}`;
  let shootText: string;

  const apply = async (objects: readonly object[], ...flags: readonly string[]) => {
    const list = { apiVersion: 'v1', kind: 'List', items: objects };
    const args = ['apply', '--server-side', '--field-manager=test', '--force-conflicts', ...flags, '-f', '-'];
    const to = { kubectl: inject('parts').kubectl, kubeconfig: inject('kubeconfig') };
    expect(await kubectl(to, args, JSON.stringify(list))).toMatchObject({ code: 0, stderr: '' });
  };
  const diff = async (change: (text: string) => string = (text) => text, ...args: readonly string[]) => {
    const file = join(inject('landscapeDir'), `${name}.yaml`);
    await writeFile(file, change(shootText));
    return plan('-f', file, '--diff', '--kubeconfig', inject('kubeconfig'), ...args);
  };

  /** The seed as it is when what was planned has come true. */
  beforeAll(async () => {
    shootText = (await readFile(example('shoot'), 'utf8')).replace('name: example', `name: ${name}`);
    const files = await Promise.all(
      [example('cloudprofile'), example('credentials')].map((file) => readFile(file, 'utf8')),
    );
    const documents = [shootText, ...files].flatMap((text) => readDocuments(text, 'example'));
    const store = createMemoryStore(systemClock);
    const { steps } = await makePlan({
      input: sortInput(documents, undefined),
      store,
      config: undefined,
      defaults: readDefaultOptions({}).options,
      images: createImages(),
      manifests: await loadManifests(),
      nodeCIDRs: ['10.0.0.0/22'],
      seedApiHost: 'api.seed.example.com',
      clock: systemClock,
      log: createFakeLog(),
      signal: new AbortController().signal,
    });
    expect(steps.flatMap(({ error }) => error ?? [])).toEqual([]);
    // Of the API server's Deployment only the replicas are assumed.
    const objects = store.changes().flatMap(({ after }) => (after && after.kind !== 'Deployment' ? after : []));
    const plain = objects.map((object) => {
      const { resourceVersion: _version, uid: _uid, creationTimestamp: _time, ...metadata } = object.metadata;
      return { ...object, metadata };
    });
    await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
    await apply(plain.map((object) => ({ ...object, status: undefined })));
    await apply(
      plain.filter((object) => 'status' in object),
      '--subresource=status',
    );
  });

  test('is empty when everything is as planned', async () => {
    expect(await diff()).toMatchObject({ code: 0, stdout: '' });
  });

  test('shows what a changed Shoot would change, and only that', async () => {
    const { code, stdout } = await diff((text) =>
      text.replace('maximum: 3', 'maximum: 5').replace('rateLimit: 100', 'rateLimit: 200'),
    );
    expect(code).toBe(1);
    expect(stdout).toContain(`--- live FirewallDeployment/${namespace}/shoot-firewall (seed)`);
    expect(stdout).toMatch(/-\s+rate: 100\n\+\s+rate: 200/);
    expect(stdout).toMatch(/-\s+maximum: 3\n\+\s+maximum: 5/);
    const heads = stdout.split('\n').filter((line) => line.startsWith('--- '));
    expect(heads.map((line) => line.split(' ')[2]?.split('/')[0])).toEqual([
      'FirewallDeployment',
      'Infrastructure',
      'Worker',
    ]);
  });

  test('shows what somebody has changed in the seed', async () => {
    const patch = JSON.stringify({ spec: { replicas: 3 } });
    const to = { kubectl: inject('parts').kubectl, kubeconfig: inject('kubeconfig') };
    const change = (text: string) =>
      kubectl(to, ['-n', namespace, 'patch', 'firewalldeployment', 'shoot-firewall', '--type=merge', '-p', text]);
    expect(await change(patch)).toMatchObject({ code: 0 });
    const { code, stdout } = await diff();
    expect(code).toBe(1);
    expect(stdout).toMatch(/-\s+replicas: 3\n\+\s+replicas: 1/);
    expect(await change(patch.replace('3', '1'))).toMatchObject({ code: 0 });
    // The plan has written nothing of it.
    expect(await diff()).toMatchObject({ code: 0, stdout: '' });
  });

  test('is refused like the update of the Shoot would be', async () => {
    const { code, stderr } = await diff((text) => text.replace('11111111-1111-4111-8111', '22222222-1111-4111-8111'));
    expect(code).toBe(3);
    expect(stderr).toMatch(/projectID: .*immutable/);
  });

  test('a seed that cannot be reached is told apart from differences', async () => {
    const { code } = await plan('-f', example('shoot'), '--diff', '--kubeconfig', 'nowhere');
    expect(code).toBe(2);
  });
});

describe('the API server in memory answers like a real one', () => {
  /** Every answer in words that do not differ from one server to another. */
  const script = async (client: KubeClient, namespace: string): Promise<readonly unknown[]> => {
    const answers: unknown[] = [];
    const say = async (call: Promise<unknown>) => {
      const answer = await call.catch((error: ApiError) => `${error.code} ${error.reason}`);
      const { spec, status, metadata } = (answer ?? {}) as Shown['object'];
      const { labels, annotations } = metadata ?? {};
      answers.push(typeof answer === 'object' ? { spec, status, labels, annotations } : answer);
      return answer as ManagedResource;
    };
    const key = { namespace, name: 'mr' };
    const labels = { a: '1', b: '2' };
    const spec = { secretRefs: [{ name: 'x' }], class: 'seed' };
    await say(client.find(managedResources, key));
    await say(client.get(managedResources, key));
    await say(client.mergePatch(managedResources, key, { spec: {} }));
    const made = await say(client.create(managedResources, { metadata: { ...key, labels }, spec, status: {} }));
    await say(client.create(managedResources, { metadata: key, spec }));
    await say(client.mergePatch(managedResources, key, { metadata: { labels: { b: null, c: '3' } } }));
    await say(client.replace(managedResources, { ...made, spec: { ...spec, class: 'other' } }));
    await say(client.mergePatch(managedResources, key, { status: { observedGeneration: 1 } }));
    const status = { observedGeneration: 2, conditions: [] };
    await say(client.mergePatch(managedResources, key, { spec: { class: 'no' }, status }, { subresource: 'status' }));
    await say(client.jsonPatch(managedResources, key, [{ op: 'replace', path: '/spec/class', value: 'yes' }]));
    for (const labelSelector of ['a=1', 'a!=1', 'c,!b', 'b', 'a==1,c=4']) {
      const { items } = await client.list(managedResources, { namespace, labelSelector });
      answers.push(items.map(({ metadata }) => metadata.name));
    }
    const stale = { preconditions: { uid: 'another' } };
    await say(client.delete(managedResources, key, stale));
    await say(client.delete(managedResources, key));
    await say(client.delete(managedResources, key));
    await say(client.find(managedResources, key));
    return answers;
  };

  test('to the same calls', async () => {
    const real = createKubeClient({ kubeconfig: inject('kubeconfig') });
    try {
      const namespace = await createNamespace(real, 'memory');
      const memory = createMemoryClient({ store: createMemoryStore(systemClock), writer: 'test' });
      expect(await script(memory, namespace)).toEqual(await script(real, namespace));
    } finally {
      await real.close();
    }
  });
});
