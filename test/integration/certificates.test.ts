import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { freePort } from '../../landscape/processes/ports.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { configMaps } from '../../src/kube/config-map.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { secrets } from '../../src/kube/secret.ts';
import { createApp } from '../../src/webhooks/app.ts';
import type { Policy } from '../../src/webhooks/certificates/assess.ts';
import type { Certificates } from '../../src/webhooks/certificates/certificates.ts';
import { createManagedCertificates } from '../../src/webhooks/certificates/managed.ts';
import { certificateNames } from '../../src/webhooks/certificates/names.ts';
import { createSecretStore } from '../../src/webhooks/certificates/store.ts';
import { startWebhookHost, type WebhookHost } from '../../src/webhooks/host.ts';
import { createRegistrar, type Registrar } from '../../src/webhooks/registrar.ts';
import { webhookConfigurations } from '../../src/webhooks/registration.ts';
import type { Webhook } from '../../src/webhooks/webhook.ts';
import { createNamespace, silent } from './kube-kit.ts';

const host = '127.0.0.1';
const component = `test-${randomBytes(4).toString('hex')}`;
const label = { [`${component}/reviewed`]: 'true' };
const names = certificateNames(component);
const { signal } = new AbortController();
let client: ClosableKubeClient;
let namespace: string;

const webhook: Webhook = {
  name: 'marker',
  path: '/mark',
  type: 'mutating',
  target: 'garden',
  rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] }],
  objectSelector: { matchLabels: label },
  review: ({ object }) =>
    Promise.resolve({ allowed: true, object: { ...(object as object), data: { marked: 'yes' } } }),
};

interface Replica {
  readonly certificates: Certificates;
  readonly registrar: Registrar;
  readonly host: WebhookHost;
}

const replicas: Replica[] = [];

/** `renewAt: 0` makes every look at the certificates a rotation. */
async function startReplica(port: number, policy: Partial<Policy> = {}): Promise<Replica> {
  const store = createSecretStore(client, namespace, names);
  const common = { clock: systemClock, log: silent };
  const certificates = createManagedCertificates({ store, names, hosts: [host], policy, pollMs: 50, ...common });
  const registrar = createRegistrar({
    client,
    mode: 'full',
    webhooks: [webhook],
    target: 'garden',
    component,
    clientMode: { mode: 'url', url: `${host}:${port}` },
    log: silent,
  });
  const listener = createApp({ webhooks: [webhook], log: silent });
  const options = { address: { host, port }, listener, certificates, registrar, ...common };
  const replica = { certificates, registrar, host: await startWebhookHost(options, signal) };
  replicas.push(replica);
  return replica;
}

const reviewed = (name: string) =>
  client.create(configMaps, { metadata: { namespace, name, labels: label } }, { dryRun: true });

beforeAll(async () => {
  client = createKubeClient({ kubeconfig: inject('kubeconfig') });
  namespace = await createNamespace(client, 'certificates');
});
afterAll(async () => {
  await client.delete(webhookConfigurations.mutating, { name: `gardener-extension-${component}` });
  await Promise.all(replicas.map((replica) => replica.host.close()));
  await client.close();
});

describe('two replicas', () => {
  test('share a certificate, and are registered when the leader has written', async () => {
    const ports = [await freePort(), await freePort()];
    const [leader, follower] = await Promise.all(ports.map((port) => startReplica(port)));
    if (!leader || !follower) return expect.fail();
    const { items } = await client.list(secrets, { namespace, labelSelector: `manager-identity=${names.identity}` });
    expect(items.map(({ metadata }) => metadata.labels?.name).sort()).toEqual([names.ca, names.server].sort());
    expect(items.every(({ immutable }) => immutable)).toBe(true);
    expect(follower.certificates.bundle).toBe(leader.certificates.bundle);
    expect(() => follower.host.assertRegistered()).toThrow('does not name this server yet');

    const stop = new AbortController();
    const leading = leader.host.lead(stop.signal);
    await vi.waitFor(() => follower.host.assertRegistered(), { timeout: 10_000 });
    leader.host.assertRegistered();
    const marked = await vi.waitFor(
      async () => {
        const created = await reviewed('first');
        expect(created.data).toEqual({ marked: 'yes' });
        return created;
      },
      { timeout: 10_000 },
    );
    expect(marked.metadata.name).toBe('first');
    stop.abort(new Error('done'));
    await leading;
  });

  test('rotate under load without a lost request', async () => {
    const rotating = await startReplica(await freePort(), { renewAt: 0, publishMs: 1_000 });
    const publish = (bundle: string | undefined) => rotating.registrar.register(bundle, signal);
    await rotating.certificates.maintain(publish, signal);
    await vi.waitFor(async () => expect((await reviewed('warm')).data).toEqual({ marked: 'yes' }), { timeout: 10_000 });

    let isDone = false;
    let count = 0;
    const load = Array.from({ length: 4 }, async (_, worker) => {
      while (!isDone) {
        const { data } = await reviewed(`load-${worker}-${count++}`);
        expect(data).toEqual({ marked: 'yes' });
      }
    });
    const bundles = new Set<string | undefined>();
    const rotation = (async () => {
      for (let round = 0; round < 5; round++) {
        await rotating.certificates.maintain(publish, signal);
        bundles.add(rotating.certificates.bundle);
        await new Promise((resolve) => setTimeout(resolve, 1_100));
      }
      isDone = true;
    })();
    await Promise.all([...load, rotation]);
    expect(bundles.size).toBe(5);
    expect(count).toBeGreaterThan(50);
  });
});
