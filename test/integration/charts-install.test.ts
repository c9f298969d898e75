import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { charts, createHelm, type Helm, type Rendered } from '../../landscape/charts/helm.ts';
import { type CustomResourceDefinition, installCrds } from '../../landscape/control-plane/crds.ts';
import { ensureObject } from '../../landscape/control-plane/ensure-object.ts';
import { examplePath } from '../../landscape/garden/manifests.ts';
import { namespaces } from '../../landscape/gardenlet/resources.ts';
import { moduleDir } from '../../landscape/parts/go.ts';
import { type Deployment, deployments } from '../../landscape/pods/deployment.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';
import { valueSets } from './charts/value-sets.ts';

const namespace = 'extension-charts';
const pods = defineResource<KubeObject & { spec: object }>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
});
const priorityClasses = defineResource<KubeObject & { value: number }>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  namespaced: false,
});

let dir: string;
let client: ClosableKubeClient;
let helm: Helm;
beforeAll(async () => {
  dir = join(inject('landscapeDir'), 'helm-install');
  await mkdir(dir, { recursive: true });
  client = createKubeClient({ kubeconfig: inject('kubeconfig') });
  helm = createHelm(inject('parts').helm, dir, inject('kubeconfig'));
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  await ensureObject(client, namespaces, { metadata: { name: namespace, labels } });
  await ensureObject(client, namespaces, { metadata: { name: 'garden' } });
  // Gardener has them in every seed and garden.
  await ensureObject(client, priorityClasses, { metadata: { name: 'gardener-system-900' }, value: 999_998_900 });
  await ensureObject(client, priorityClasses, { metadata: { name: 'gardener-garden-system-400' }, value: 999_999_400 });
});
afterAll(() => client?.close());

/** Its cache is below the directory of the test. */
const kubectl = (...args: readonly string[]) =>
  promisify(execFile)(inject('parts').kubectl, [`--kubeconfig=${inject('kubeconfig')}`, ...args], {
    env: { HOME: dir },
  });

async function listFile(items: readonly Rendered[]): Promise<string> {
  const file = join(dir, 'objects.json');
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  return file;
}

const cases = [
  ...valueSets.controllers.map((set) => ({ chart: 'controllers' as const, ...set })),
  ...valueSets.runtime.map((set) => ({ chart: 'runtime' as const, ...set })),
  ...valueSets.admission.map((set) => ({ chart: 'admission' as const, ...set })),
];

describe.each(cases)('$chart: $what', ({ chart, values }) => {
  let objects: Rendered[];
  beforeAll(async () => {
    objects = await helm.template(charts[chart], values, '--namespace', namespace, '--kube-version', 'v1.34.0');
  });

  test('the API server takes every object, and knows every field', async () => {
    const flags = ['--server-side', '--dry-run=server', '--validate=strict'];
    const { stdout } = await kubectl('apply', ...flags, '-f', await listFile(objects));
    expect(stdout.trim().split('\n')).toHaveLength(objects.length);
  });

  test('its pods are restricted', async () => {
    for (const deployment of objects.filter(({ kind }) => kind === 'Deployment') as unknown as Deployment[]) {
      const { metadata, spec } = deployment.spec.template;
      const pod = { metadata: { ...metadata, name: 'restricted', namespace }, spec };
      await client.create(pods, pod, { dryRun: true });
      const [container] = spec.containers;
      const loose = { ...pod, spec: { ...spec, containers: [{ ...container, securityContext: {} }] } };
      await expect(client.create(pods, loose, { dryRun: true })).rejects.toThrow('violates PodSecurity "restricted');
    }
  });
});

describe('Gardener takes', () => {
  beforeAll(async () => {
    const path = join(await moduleDir('github.com/gardener/gardener'), 'example/operator');
    const file = join(path, '10-crd-operator.gardener.cloud_extensions.yaml');
    await installCrds(client, loadAll(await readFile(file, 'utf8')) as CustomResourceDefinition[]);
  });

  test('example/extension.yaml', async () => {
    const file = examplePath('extension.yaml');
    const { stdout } = await kubectl('create', '--dry-run=server', '--validate=strict', '-f', file);
    expect(stdout).toContain('provider-metal created');
  });

  test('example/controller-registration-metal.yaml', async () => {
    // Under another name and type, because other tests have theirs. One object needs the other, so not as a dry run.
    const text = await readFile(examplePath('controller-registration-metal.yaml'), 'utf8');
    const file = join(dir, 'controller-registration.yaml');
    await writeFile(
      file,
      text.replaceAll('provider-metal\n', 'charts\n').replaceAll('type: metal\n', 'type: charts\n'),
    );
    const { stdout } = await kubectl('create', '--validate=strict', '-f', file);
    await kubectl('delete', '-f', file);
    expect(stdout.trim().split('\n')).toHaveLength(2);
  });

  test.each(['extension.yaml', 'controller-registration-metal.yaml'])(
    'example/%s, with values of the chart',
    async (name) => {
      const text = await readFile(examplePath(name), 'utf8');
      const [{ helm: direct, spec }] = loadAll(text) as [
        { helm?: Deployed; spec?: { deployment: { extension: Deployed } } },
      ];
      const { values } = direct ?? spec?.deployment.extension ?? {};
      expect(values).toBeDefined();
      await helm.template(charts.controllers, values ?? {});
    },
  );
});

interface Deployed {
  readonly values: object;
}

test('a release is installed, upgraded, rolled back and leaves nothing', async () => {
  const release = ['provider-metal', charts.controllers, '--namespace', namespace];
  const replicas = async () => (await client.get(deployments, deployment)).spec.replicas;
  const deployment = { namespace, name: 'gardener-extension-provider-metal' };
  await helm.run('install', ...release);
  expect(await replicas()).toBe(2);
  // With as much as there is, and back again.
  const everything = valueSets.controllers.at(-1)?.values ?? {};
  await helm.run('upgrade', ...release, ...(await helm.values(everything)));
  expect(await replicas()).toBe(3);
  await helm.run('rollback', 'provider-metal', '1', '--namespace', namespace);
  expect(await replicas()).toBe(2);
  const before = await helm.run('get', 'manifest', 'provider-metal', '--namespace', namespace);
  await helm.run('upgrade', ...release);
  expect(await helm.run('get', 'manifest', 'provider-metal', '--namespace', namespace)).toBe(before);
  const file = await listFile(await helm.template(charts.controllers, everything, '--namespace', namespace));
  const there = async () => (await kubectl('get', '--ignore-not-found', '--output=name', '-f', file)).stdout;
  expect(await there()).toContain('deployment.apps/gardener-extension-provider-metal\n');
  await helm.run('uninstall', 'provider-metal', '--namespace', namespace);
  expect(await there()).toBe('');
});
