import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../landscape/control-plane/control-plane.ts';
import { readExample } from '../../landscape/garden/manifests.ts';
import { createProgress } from '../../landscape/progress.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { leases } from '../../src/kube/lease.ts';
import { secrets } from '../../src/kube/secret.ts';
import { webhookConfigurations } from '../../src/webhooks/registration.ts';
import { eventually } from '../scene/eventually.ts';
import { type AdmissionProcess, startAdmission } from './admission-process.ts';
import { createNamespace } from './kube-kit.ts';

const configuration = { name: 'gardener-extension-admission-metal' };
const progress = createProgress();
let dir: string;
let plane: ControlPlane;
let client: ClosableKubeClient;
let namespace: string;

/** A control plane of its own: these webhooks would stand in the way of all other tests. */
beforeAll(async () => {
  dir = join(inject('landscapeDir'), 'admission-server');
  plane = await startControlPlane({ dir, parts: inject('parts'), progress, gardener: true });
  client = createKubeClient({ kubeconfig: plane.garden.kubeconfig });
  namespace = await createNamespace(client, 'admission');
});
afterAll(async () => {
  await client.close();
  await plane.stop();
  progress.close();
});

const start = (name: string, flags: string[] = []): Promise<AdmissionProcess> =>
  startAdmission({ dir, kubeconfig: plane.garden.kubeconfig, namespace, name, flags });
const urlOfValidator = async () =>
  (await client.get(webhookConfigurations.validating, configuration)).webhooks?.[0]?.clientConfig.url;

/** What the person at the keyboard reads. */
function kubectl(args: string[], input: object): Promise<{ code: number | null; text: string }> {
  const child = spawn(inject('parts').kubectl, [`--kubeconfig=${plane.garden.kubeconfig}`, ...args, '-f', '-']);
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  child.stderr.on('data', (chunk) => (text += chunk));
  child.stdin.end(JSON.stringify(input));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, text })));
}

async function cloudProfile(name: string, change: (config: Record<string, unknown>) => void = () => undefined) {
  const [profile] = structuredClone(await readExample('cloudprofile.yaml'));
  if (!profile) return expect.fail();
  const { providerConfig } = profile.spec as { providerConfig: Record<string, unknown> };
  change(providerConfig);
  return { ...profile, metadata: { ...profile.metadata, name } };
}

const badSecret = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace, name, labels: { 'provider.shoot.gardener.cloud/metal': 'true' } },
  stringData: { metalAPIHMac: '', other: 'hunter2' },
});
const isGuarded = async () => {
  const { code, text } = await kubectl(['apply', '--dry-run=server'], badSecret('probe'));
  expect([code, text]).toEqual([1, expect.stringContaining('metalAPIHMac')]);
};

describe('one replica', () => {
  let admission: AdmissionProcess;
  beforeAll(async () => {
    admission = await start('one');
  });
  afterAll(() => admission.stop());

  test('is ready only when the API server calls it', isGuarded);

  test('keeps its certificates in Secrets, and names the owner of its configurations', async () => {
    const labelSelector = 'manager-identity=gardener-extension-admission-metal-webhook';
    const { items } = await client.list(secrets, { namespace, labelSelector });
    expect(items.map(({ metadata }) => metadata.labels?.name).sort()).toEqual([
      'admission-metal-webhook-server',
      'ca-admission-metal-webhook',
    ]);
    const { metadata } = await client.get(webhookConfigurations.mutating, configuration);
    expect(metadata.ownerReferences).toMatchObject([{ kind: 'Namespace', name: namespace, controller: true }]);
  });

  test('lets a good CloudProfile pass, and lists all that is wrong with a bad one', async () => {
    const good = await kubectl(['apply'], await cloudProfile('good'));
    expect(good).toEqual({ code: 0, text: 'cloudprofile.core.gardener.cloud/good created\n' });
    const bad = await cloudProfile('bad', (config) => {
      config.metalControlPlane = {};
      config.typo = 1;
    });
    const { code, text } = await kubectl(['apply'], bad);
    expect(code).toBe(1);
    expect(text).toContain('The CloudProfile "bad" is invalid');
    expect(text).toContain('* spec.providerConfig.metalControlPlane: ');
    expect(text).toContain('* spec.providerConfig.typo: ');
  });

  test('tells nothing of what a Secret contains', async () => {
    const { text } = await kubectl(['create'], badSecret('secret'));
    expect(text).not.toContain('hunter2');
    expect(await readFile(admission.logFile, 'utf8')).not.toContain('hunter2');
  });

  test('counts under the names of controller-runtime', async () =>
    expect(await admission.metrics()).toMatch(
      /controller_runtime_webhook_requests_total\{webhook="\/webhooks\/validate\/secrets",code="200"\} [1-9]/,
    ));

  test('goes on when the API server is restarted', async () => {
    await plane.restartGarden();
    await eventually(isGuarded);
  });

  test('writes nothing while nothing changes', async () => {
    const before = await client.get(webhookConfigurations.validating, configuration);
    const again = await start('again', ['--leader-election=false', '--webhook-config-registration=none']);
    await again.stop();
    expect((await client.get(webhookConfigurations.validating, configuration)).metadata.resourceVersion).toBe(
      before.metadata.resourceVersion,
    );
  });
});

describe('two replicas', () => {
  test('share what they need; the second takes over when the first is killed', async () => {
    const first = await start('first');
    const second = await start('second');
    const url = await urlOfValidator();
    await first.kill();
    await eventually(async () => expect(await urlOfValidator()).not.toBe(url));
    await eventually(isGuarded);
    await second.stop();
    const lease = await client.get(leases, { namespace, ...configuration });
    expect(lease.spec?.holderIdentity).toBe('');
  });
});
