import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { configs, identity, initiated } from '../../src/controllers/secrets/fixtures.ts';
import { deleteSecrets, ensureSecrets, type SecretsResult } from '../../src/controllers/secrets/manager.ts';
import type { RotationState } from '../../src/controllers/secrets/rotation.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { type Secret, secrets } from '../../src/kube/secret.ts';
import type { ManagedSecret } from '../../src/providers/secrets.ts';
import { createNamespace, inParallel, range, silent } from './kube-kit.ts';

const { signal } = new AbortController();
const quiet = { clock: systemClock, log: silent, signal };
let client: ClosableKubeClient;
let namespace: string;

beforeAll(() => {
  client = createKubeClient({ kubeconfig: inject('kubeconfig') });
});
beforeEach(async () => {
  namespace = await createNamespace(client, 'secrets');
});
afterAll(() => client.close());

const ensure = (rotation: RotationState = {}, kube: KubeClient = client) =>
  ensureSecrets({ client: kube, namespace, identity, configs, rotation, ...quiet });
const stored = async () => (await client.list(secrets, { namespace })).items;
const namesIn = ({ current, bundles }: SecretsResult) =>
  [...current.values(), ...bundles.values()].map(({ name }) => name).sort();
const storedNames = async () => (await stored()).map(({ metadata }) => metadata.name).sort();

/** Every call is told of, once it has taken effect; throwing is a process that ends there. */
function observed(tell: (verb: string) => void): KubeClient {
  return new Proxy<KubeClient>(client, {
    get:
      (target, verb) =>
      async (...args: unknown[]) => {
        const answer = await Reflect.get(target, verb).apply(target, args);
        tell(String(verb));
        return answer;
      },
  });
}

const text = (secret: ManagedSecret | undefined, file: string) =>
  Buffer.from(secret?.data[file] ?? '', 'base64').toString();

/** `trusting`: the authorities that the client trusts. Resolves with the name that the client has shown to the server. */
async function shakeHands(server: ManagedSecret | undefined, trusting: string, shown?: ManagedSecret): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const listener = createServer(
    {
      cert: text(server, 'tls.crt'),
      key: text(server, 'tls.key'),
      ...(shown && { ca: text(server, 'ca.crt'), requestCert: true }),
    },
    (socket) => {
      resolve(String(socket.getPeerCertificate().subject?.CN));
      socket.end();
    },
  ).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const pair = shown && { cert: text(shown, 'tls.crt'), key: text(shown, 'tls.key') };
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: trusting, ...pair });
  try {
    await once(socket, 'secureConnect');
    return await promise;
  } finally {
    socket.destroy();
    listener.close();
  }
}

test('makes all, and then nothing more', async () => {
  const calls: string[] = [];
  const kube = observed((verb) => calls.push(verb));
  const made = await ensure({}, kube);
  expect(calls.sort()).toEqual([...Array(5).fill('create'), 'list']);
  expect(await storedNames()).toEqual(namesIn(made));

  calls.length = 0;
  const again = await ensure({}, kube);
  await again.cleanup();
  expect(calls).toEqual(['list']);
  expect([...again.current]).toEqual([...made.current]);
  expect([...again.bundles]).toEqual([...made.bundles]);
});

test('rotates so that old and new verify each other, and forgets the old authority', async () => {
  let before = await ensure();
  const authorities = [before.current.get('ca')?.name];
  // From Completing on a client does not trust what a server presents that has not rolled yet: so it is in Gardener.
  for (const phase of ['Preparing', 'WaitingForWorkersRollout', 'Prepared', 'Completing', 'Completed']) {
    const after = await ensure({ phase, lastInitiationTime: initiated });
    const bundle = text(after.bundles.get('ca'), 'bundle.crt');
    const server = after.current.get('server');
    expect(await shakeHands(server, text(before.bundles.get('ca'), 'bundle.crt')), phase).toBe('undefined');
    const late = shakeHands(before.current.get('server'), bundle);
    if (phase === 'Completing') await expect(late).rejects.toThrow('unable to verify');
    else expect(await late, phase).toBe('undefined');
    const shown = after.current.get('client');
    expect(await shakeHands(server, bundle, shown), phase).toBe('logs');
    expect(await shakeHands(after.current.get('webhook'), bundle), phase).toBe('undefined');
    await after.cleanup();
    const isOver = phase.startsWith('Complet');
    expect(await storedNames(), phase).toEqual([...namesIn(after), ...(isOver ? [] : authorities)].sort());
    before = after;
  }
});

test('several at once agree', async () => {
  const clients = range(4).map(() => createKubeClient({ kubeconfig: inject('kubeconfig') }));
  const results = await Promise.all(clients.map((kube) => ensure({}, kube)));
  const rotation = { phase: 'Preparing', lastInitiationTime: initiated };
  const rotated = await Promise.all(clients.map((kube) => ensure(rotation, kube)));
  await Promise.all(rotated.map(({ cleanup }) => cleanup()));
  await Promise.all(clients.map((kube) => kube.close()));
  for (const same of [results, rotated]) {
    expect(new Set(same.map((result) => JSON.stringify([[...result.current], [...result.bundles]]))).size).toBe(1);
  }
  expect(await stored()).toHaveLength(6);
});

test('goes on after it was ended at any point', async () => {
  const rotation = { phase: 'Completing', lastInitiationTime: initiated };
  let calls = 0;
  const endsAfter = (most: number) =>
    observed(() => {
      calls++;
      if (calls >= most) throw new Error('ended');
    });
  for (let most = 1, isDone = false; !isDone; most++) {
    await deleteSecrets({ client, namespace, identity, ...quiet });
    await ensure();
    calls = 0;
    isDone = await ensure(rotation, endsAfter(most))
      .then(({ cleanup }) => cleanup())
      .then(
        () => true,
        () => false,
      );
    const result = await ensure(rotation);
    await result.cleanup();
    expect(await storedNames(), `after call ${most}`).toEqual(namesIn(result));
  }
  expect(calls).toBe(11);
});

describe('what others do', () => {
  const replaced = async (config: string, edit: (secret: Secret) => void) => {
    const name = (await ensure()).current.get(config)?.name ?? '';
    const secret = await client.get(secrets, { namespace, name });
    await client.delete(secrets, { namespace, name });
    const { labels } = secret.metadata;
    const other: Secret = { metadata: { namespace, name, ...(labels && { labels }) }, data: secret.data ?? {} };
    edit(other);
    await client.create(secrets, other);
    return name;
  };

  test.each([
    ['client', ['client']],
    ['ca', ['ca', 'ca-bundle', 'client', 'server', 'webhook']],
  ])('deleting %s makes it anew, and what depends on it', async (config, expected) => {
    const before = await ensure();
    await client.delete(secrets, { namespace, name: before.current.get(config)?.name ?? '' });
    const after = await ensure();
    await after.cleanup();
    const known = [...before.current.values(), ...before.bundles.values()].map(({ checksum }) => checksum);
    const anew = (await stored()).filter(({ metadata }) =>
      [...after.current.values(), ...after.bundles.values()].some(
        ({ name, checksum }) => name === metadata.name && !known.includes(checksum),
      ),
    );
    expect(anew.map(({ metadata }) => metadata.labels?.name).sort()).toEqual(expected);
    expect(await stored()).toHaveLength(5);
  });

  test('emptying one is healed, and the remains are deleted', async () => {
    const name = await replaced('server', (secret) => {
      secret.data = {};
    });
    const after = await ensure();
    expect(after.current.get('server')?.name).not.toBe(name);
    await after.cleanup();
    expect(await storedNames()).toEqual(namesIn(after));
  });

  test('taking its labels away makes it theirs: it stays, and another is made', async () => {
    const name = await replaced('client', ({ metadata }) => {
      delete metadata.labels;
    });
    const after = await ensure();
    await after.cleanup();
    expect(await storedNames()).toEqual([...namesIn(after), name].sort());
    expect(await ensure()).toMatchObject({ current: after.current });
  });

  test('taking off the label that takes an authority to another seed puts it on again', async () => {
    const name = (await ensure()).current.get('ca')?.name ?? '';
    await client.mergePatch(secrets, { namespace, name }, { metadata: { labels: { persist: null } } });
    await ensure();
    expect((await client.get(secrets, { namespace, name })).metadata.labels).toMatchObject({ persist: 'true' });
  });

  test('having Secrets of their own keeps them', async () => {
    const labels = { 'managed-by': 'secrets-manager', 'manager-identity': 'gardenlet', name: 'ca' };
    await client.create(secrets, { metadata: { namespace, name: 'ca', labels } });
    await (await ensure()).cleanup();
    expect(await stored()).toHaveLength(6);
    const calls: string[] = [];
    const owner = { client: observed((verb) => calls.push(verb)), namespace, identity, ...quiet };
    await inParallel([owner, owner], deleteSecrets);
    expect(await storedNames()).toEqual(['ca']);
    await deleteSecrets(owner);
    expect(calls.at(-1)).toBe('list');
  });
});
