import { describe, expect, it } from 'vitest';
import type { KubeClient } from '../kube/client.ts';
import { createFakeLog } from '../kube/fake-log.ts';
import { createMemoryApi, type MemoryApi } from '../kube/memory/api.ts';
import type { ObjectKey } from '../kube/object.ts';
import type { Resource } from '../kube/resource.ts';
import { createRegistrar, type RegistrarOptions } from './registrar.ts';
import type { WebhookConfiguration } from './registration.ts';
import { webhookOf } from './testing.ts';

const { signal } = new AbortController();
const validating = 'validatingwebhookconfigurations/gardener-extension-admission-metal';
const entry = 'validator.admission-metal.extensions.gardener.cloud';
const name = 'gardener-extension-admission-metal';
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** The memory API with the two calls that it lacks. */
function open(options: Partial<RegistrarOptions> = {}, api: MemoryApi = createMemoryApi()) {
  const client: KubeClient = {
    ...api.client,
    get: api.client.find as KubeClient['get'],
    delete: (resource: Resource, { name }: ObjectKey) => {
      api.objects.delete(`${resource.plural}/${name}`);
      return Promise.resolve();
    },
  };
  const registrar = createRegistrar({
    client,
    mode: 'full',
    webhooks: [webhookOf()],
    target: 'garden',
    component: 'admission-metal',
    clientMode: { mode: 'url', url: 'a.b' },
    log: createFakeLog(),
    ...options,
  });
  const writes = () => api.calls.filter(({ verb }) => verb !== 'find').map(({ verb }) => verb);
  const there = () => api.objects.get(validating) as WebhookConfiguration | undefined;
  return { api, registrar, writes, there };
}

describe('the leader', () => {
  it('writes a configuration once', async () => {
    const { registrar, writes, there } = open();
    await registrar.register('ONE', signal);
    await registrar.register('ONE', signal);
    expect(writes()).toEqual(['create']);
    expect(there()?.webhooks).toMatchObject([{ name: entry, clientConfig: { caBundle: base64('ONE') } }]);
  });

  it('repairs what was changed, and keeps what others added', async () => {
    const { api, registrar, writes, there } = open();
    await registrar.register('ONE', signal);
    const [webhook] = there()?.webhooks ?? [];
    const edited = {
      ...there(),
      metadata: { ...there()?.metadata, name, labels: { theirs: 'yes' }, annotations: { note: 'theirs' } },
      webhooks: [
        { ...webhook, failurePolicy: 'Ignore', matchConditions: [{ name: 'theirs', expression: 'true' }] },
        { ...webhook, name: 'of.an.old.release' },
      ],
    };
    api.objects.set(validating, edited);
    await registrar.register('TWO', signal);
    expect(writes()).toEqual(['create', 'replace']);
    expect(there()?.metadata).toMatchObject({
      labels: { theirs: 'yes', 'remediation.webhook.shoot.gardener.cloud/exclude': 'true' },
      annotations: { note: 'theirs' },
    });
    expect(there()?.webhooks).toEqual([
      {
        ...webhook,
        clientConfig: { url: 'https://a.b/review', caBundle: base64('TWO') },
        matchConditions: [{ name: 'theirs', expression: 'true' }],
      },
    ]);
  });

  it('leaves the bundle that another put in when it has none', async () => {
    const { registrar, writes, there } = open();
    await registrar.register('ONE', signal);
    await registrar.register(undefined, signal);
    expect(writes()).toEqual(['create']);
    expect(there()?.webhooks?.[0]?.clientConfig.caBundle).toBe(base64('ONE'));
  });

  it('looks again when another wrote at the same time', async () => {
    const { api, registrar, there } = open();
    await registrar.register('ONE', signal);
    let raced = false;
    api.before = ({ verb }) => {
      if (verb !== 'replace' || raced) return;
      raced = true;
      const now = structuredClone(there()) as WebhookConfiguration;
      now.metadata.resourceVersion = '77';
      api.objects.set(validating, now);
    };
    await registrar.register('TWO', signal);
    expect(there()?.webhooks?.[0]?.clientConfig.caBundle).toBe(base64('TWO'));
  });

  it('removes a configuration that has no webhooks any more', async () => {
    const { api } = open();
    await open({}, api).registrar.register('ONE', signal);
    await open({ webhooks: [] }, api).registrar.register('ONE', signal);
    expect(api.objects.has(validating)).toBe(false);
  });

  it('names the namespace that owns it, once', async () => {
    const { api, registrar, writes, there } = open({ ownerNamespace: 'n' });
    api.objects.set('namespaces/n', { metadata: { name: 'n', uid: 'u1' } });
    await registrar.register('ONE', signal);
    await registrar.register('ONE', signal);
    expect(writes()).toEqual(['create']);
    expect(there()?.metadata.ownerReferences).toEqual([
      { apiVersion: 'v1', kind: 'Namespace', name: 'n', uid: 'u1', controller: true, blockOwnerDeletion: false },
    ]);
  });

  it("only puts the bundle into a chart's configuration", async () => {
    const { api, registrar, writes, there } = open({ mode: 'ca-bundle' });
    await registrar.register('ONE', signal);
    expect(writes()).toEqual([]);
    const theirs = { metadata: { name }, webhooks: [{ name: entry, clientConfig: { url: 'https://theirs' } }] };
    api.objects.set(validating, theirs);
    await registrar.register('ONE', signal);
    await registrar.register('ONE', signal);
    expect(writes()).toEqual(['replace']);
    expect(there()?.webhooks).toEqual([
      { name: entry, clientConfig: { url: 'https://theirs', caBundle: base64('ONE') } },
    ]);
  });
});

describe('a follower', () => {
  const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;

  it('is registered when its authorities are among those that are trusted', async () => {
    const { registrar } = open();
    expect(await registrar.isRegistered(pem('a'), signal)).toBe(false);
    await registrar.register(pem('b'), signal);
    expect(await registrar.isRegistered(pem('a'), signal)).toBe(false);
    await registrar.register(pem('b') + pem('a'), signal);
    expect(await registrar.isRegistered(pem('a'), signal)).toBe(true);
  });

  it('is registered beside a leader of a version that lacks one of its webhooks: or that would never go', async () => {
    const leader = open();
    await leader.registrar.register(pem('a'), signal);
    const newer = webhookOf({ name: 'newer', path: '/newer', type: 'mutating' });
    const { registrar } = open({ webhooks: [webhookOf(), newer] }, leader.api);
    expect(await registrar.isRegistered(pem('a'), signal)).toBe(true);
    expect(await registrar.isRegistered(pem('b'), signal)).toBe(false);
  });
});
