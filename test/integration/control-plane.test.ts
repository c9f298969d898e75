import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../landscape/control-plane/control-plane.ts';
import { createCredentials } from '../../landscape/control-plane/credentials.ts';
import { startEtcd } from '../../landscape/control-plane/etcd.ts';
import { startGardenerApiServer } from '../../landscape/control-plane/gardener-apiserver.ts';
import { startKubeApiServer } from '../../landscape/control-plane/kube-apiserver.ts';
import { createProbe } from '../../landscape/control-plane/probe.ts';
import { poll } from '../../landscape/processes/poll.ts';
import { isPortTaken } from '../../landscape/processes/ports.ts';
import { silentProgress } from '../../landscape/progress.ts';
import { createKubeClient } from '../../src/kube/http-client.ts';
import { defineResource } from '../../src/kube/resource.ts';

const run = promisify(execFile);
const configMaps = defineResource({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
});
const shoots = defineResource({
  group: 'core.gardener.cloud',
  version: 'v1beta1',
  kind: 'Shoot',
  plural: 'shoots',
  namespaced: true,
});

async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await run(inject('parts').kubectl, ['--kubeconfig', inject('kubeconfig'), ...args]);
  return stdout;
}

/** The command lines of living processes that name this directory. */
async function processesOf(dir: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-axo', 'stat=,pid=,args='], { maxBuffer: 16 * 1024 * 1024 });
  return stdout.split('\n').filter((line) => line.includes(`${dir}/`) && !line.trim().startsWith('Z'));
}

const untilNoneOf = (dir: string) =>
  poll(async () => (await processesOf(dir)).length === 0, { what: `end of all in ${dir}`, timeoutMs: 10_000 });

async function pidOf(dir: string, program: string): Promise<number> {
  const line = (await processesOf(dir)).find((args) => args.includes(`/${program} `) && !args.includes('/bin/sh -c'));
  return Number(line?.trim().split(/\s+/)[1]);
}

async function newDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'control-plane-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

const small = (dir: string, more: { signal?: AbortSignal; shoot?: boolean; gardener?: boolean } = {}) =>
  startControlPlane({ dir, parts: inject('parts'), progress: silentProgress, ...more });

describe('the control plane of this run', () => {
  test.each([
    'shoots.core.gardener.cloud',
    'controllerdeployments.v1.core.gardener.cloud',
    'credentialsbindings.security.gardener.cloud',
    'managedseeds.seedmanagement.gardener.cloud',
    'bastions.operations.gardener.cloud',
    'infrastructures.extensions.gardener.cloud',
    'managedresources.resources.gardener.cloud',
    'machines.machine.sapcloud.io',
    'firewalldeployments.firewall.metal-stack.io',
  ])('serves %s', async (resource) => {
    await expect(kubectl('get', resource, '--all-namespaces', '--output=name')).resolves.toBeTypeOf('string');
  });

  test('calls itself by the pinned version', async () => {
    const { serverVersion } = JSON.parse(await kubectl('version', '-o', 'json')) as { serverVersion: object };
    expect(serverVersion).toMatchObject({ major: '1', minor: '35', gitVersion: 'v1.35.4' });
  });
});

describe('a control plane', () => {
  let dir: string;
  let plane: ControlPlane;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'control-plane-'));
    plane = await small(dir, { gardener: true });
  });
  afterAll(async () => {
    await Promise.all([plane.stop(), plane.stop()]);
    await plane.stop();
    await untilNoneOf(dir);
    await rm(dir, { recursive: true });
  });

  test.each([
    ['restarted', () => plane.restartGarden()],
    ['killed and started', () => plane.killGarden().then(() => plane.startGarden())],
  ])('keeps its address and its data when the garden is %s', async (name, restart) => {
    const client = createKubeClient({ kubeconfig: plane.garden.kubeconfig });
    const key = { namespace: 'default', name: name.replaceAll(' ', '-') };
    await client.create(configMaps, { metadata: key });
    await restart();
    expect((await client.get(configMaps, key)).metadata.name).toBe(key.name);
    await expect(client.list(shoots)).resolves.toMatchObject({ items: [] });
    expect(plane.failure.aborted).toBe(false);
    await client.close();
  });

  test('gives users their own kubeconfig', async () => {
    const nobody = createKubeClient({ kubeconfig: await plane.writeKubeconfig('nobody', ['some']) });
    await expect(nobody.list(configMaps)).rejects.toThrow(/User "nobody" cannot list resource "configmaps"/);
    const master = createKubeClient({ kubeconfig: await plane.writeKubeconfig('nobody', ['system:masters']) });
    await expect(master.list(configMaps)).resolves.toBeDefined();
    await expect(plane.writeKubeconfig('nobody', [], 'shoot')).rejects.toThrow('no shoot API server');
    await Promise.all([nobody.close(), master.close()]);
  });

  test('refuses a second one in its directory', async () => {
    await expect(small(dir)).rejects.toThrow(/runs in .* already/);
  });
});

test('an abort during the start leaves no process and no lock', async () => {
  const dir = await newDir();
  for (const program of ['etcd', 'kube-apiserver', 'gardener-apiserver']) {
    const abort = new AbortController();
    const start = small(dir, { signal: abort.signal, shoot: true, gardener: true });
    const ended = expect(start).rejects.toThrow('interrupted');
    await poll(async () => (await pidOf(dir, program)) > 0, { what: program, timeoutMs: 60_000, intervalMs: 10 });
    abort.abort(new Error('interrupted'));
    await ended;
    await untilNoneOf(dir);
  }
});

test('the death of etcd during the start is the reason that the start fails with', async () => {
  const dir = await newDir();
  const start = small(dir, { shoot: true });
  const ended = expect(start).rejects.toThrow(/^etcd was killed by SIGKILL; log: .*etcd\.log\n {2}\| /);
  await poll(async () => (await pidOf(dir, 'kube-apiserver')) > 0, { what: 'kube-apiserver', timeoutMs: 60_000 });
  process.kill(await pidOf(dir, 'etcd'), 'SIGKILL');
  await ended;
  await untilNoneOf(dir);
});

test('the death of etcd later is told', async () => {
  const dir = await newDir();
  await using plane = await small(dir);
  process.kill(await pidOf(dir, 'etcd'), 'SIGKILL');
  if (!plane.failure.aborted) await once(plane.failure, 'abort');
  expect(String(plane.failure.reason)).toMatch(/etcd was killed by SIGKILL; log: .*etcd\.log/);
});

describe('a port that was taken between pick and bind', () => {
  test('is recognized for each part, and no server is taken for another', async () => {
    const dir = await newDir();
    const parts = inject('parts');
    const credentials = await createCredentials(join(dir, 'pki'));
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const common = { dir, port, credentials };
    await expect(startEtcd({ ...common, binary: parts.etcd })).rejects.toSatisfy(isPortTaken);

    await using plane = await small(join(dir, 'plane'));
    const ca = await readFile(join(plane.dir, 'pki', 'ca.crt'), 'utf8');
    const client = await plane.issueClientCert('admin', ['system:masters']);
    const garden = { server: plane.garden.server, ca, user: 'admin', client };
    const probe = createProbe({ ...garden, server: `https://127.0.0.1:${port}` }, 'garden');
    onTestFinished(() => probe.close());
    const shoot = createProbe(garden, 'shoot');
    await expect(shoot.get('/readyz')).rejects.toMatchObject({ cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
    await shoot.close();

    const more = { ...common, etcdPort: 1 };
    const kube = {
      ...more,
      name: 'garden' as const,
      binary: parts['kube-apiserver'],
      serviceCidr: '10.0.0.0/24',
      probe,
    };
    const gardener = { ...more, binary: parts['gardener-apiserver'], garden };
    await expect(startKubeApiServer(kube)).rejects.toSatisfy(isPortTaken);
    await expect(startGardenerApiServer(gardener)).rejects.toSatisfy(isPortTaken);
  });
});
