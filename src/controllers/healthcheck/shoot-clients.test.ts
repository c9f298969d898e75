import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../kube/fake-clock.ts';
import { createMemoryApi } from '../../kube/memory/api.ts';
import { createShootClients } from './shoot-clients.ts';

const { signal } = new AbortController();
const minute = 60_000;

const kubeconfig = (user: object, cluster: object = {}) =>
  JSON.stringify({
    'current-context': 'shoot',
    contexts: [{ name: 'shoot', context: { cluster: 'shoot', user: 'shoot' } }],
    clusters: [{ name: 'shoot', cluster: { server: 'https://localhost:1', ...cluster } }],
    users: [{ name: 'shoot', user }],
  });

function stage() {
  const clock = createFakeClock();
  const api = createMemoryApi();
  const shoots = createShootClients(api.client, clock, {});
  return {
    clock,
    shoots,
    reads: () => api.calls.length,
    put: (name: string, content: string) =>
      api.objects.set(`secrets/ns/${name}`, {
        metadata: { namespace: 'ns', name },
        data: { kubeconfig: Buffer.from(content).toString('base64') },
      } as never),
    client: () => shoots.client('ns', signal),
  };
}

describe('the client of a shoot', () => {
  it('is kept, and its kubeconfig read again after some minutes only', async () => {
    const { put, client, reads, clock } = stage();
    put('gardener-internal', kubeconfig({ token: 'a' }));
    const first = await client();
    clock.advance(5 * minute - 1);
    expect(await client()).toBe(first);
    expect(reads()).toBe(1);
    clock.advance(1);
    expect(await client()).toBe(first);
    expect(reads()).toBe(2);
  });

  it('is another one with new credentials, at once when there is doubt', async () => {
    const { put, client, shoots } = stage();
    put('gardener-internal', kubeconfig({ token: 'a' }));
    const first = await client();
    put('gardener-internal', kubeconfig({ token: 'b' }));
    expect(await client()).toBe(first);
    shoots.doubt('ns');
    expect(await client()).not.toBe(first);
  });

  it('is made with the kubeconfig for calls from outside where there is no other', async () => {
    const { put, client, reads } = stage();
    put('gardener', kubeconfig({ token: 'a' }));
    await expect(client()).resolves.toBeDefined();
    expect(reads()).toBe(2);
  });

  it('waits for a kubeconfig', async () => {
    await expect(stage().client()).rejects.toThrow(
      "Secret ns/gardener-internal with the shoot's kubeconfig does not exist",
    );
  });

  it.each([
    ['no YAML', 'token: [very-secret'],
    ['empty', ''],
    ['a command', kubeconfig({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'very-secret' } })],
    ['a file with a token', kubeconfig({ tokenFile: '/very-secret' })],
    ['a file with a key', kubeconfig({ 'client-certificate': '/very-secret', 'client-key': '/very-secret' })],
    ['a file with an authority', kubeconfig({ token: 'very-secret' }, { 'certificate-authority': '/very-secret' })],
  ])('is not made from %s, and nothing of it is told', async (_, content) => {
    const { put, client } = stage();
    put('gardener-internal', content);
    await expect(client()).rejects.toThrow(
      /^Secret ns\/gardener-internal has no kubeconfig that can be used; gardenlet writes it$/,
    );
  });
});
