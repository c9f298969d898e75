import { expect, it } from 'vitest';
import { createFakeClock } from '../../kube/fake-clock.ts';
import { createMemoryClient } from '../../kube/memory/client.ts';
import { createMemoryStore } from '../../kube/memory/store.ts';
import { secrets } from '../../kube/secret.ts';
import { ensureBootstrapToken } from './bootstrap-token.ts';
import { now } from './fixtures.ts';

const signal = new AbortController().signal;
const lifetimeMs = 60_000;

function stage() {
  const client = createMemoryClient({ store: createMemoryStore(createFakeClock(now)), writer: 'test' });
  const ensure = (machineName: string, at = now) =>
    ensureBootstrapToken(client, { machineName, groups: 'g', now: at, lifetimeMs, random: Math.random }, signal);
  const all = async () => (await client.list(secrets, { namespace: 'kube-system' })).items;
  return { ensure, all };
}

it('is the same for a machine, also when it has expired and gets its time anew', async () => {
  const { ensure, all } = stage();
  const token = await ensure('m');
  expect(token).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
  expect(await ensure('m')).toBe(token);
  expect(await ensure('m', now + 2 * lifetimeMs)).toBe(token);
  const [secret, ...others] = await all();
  expect(others).toEqual([]);
  const expiration = Buffer.from(secret?.data?.expiration ?? '', 'base64').toString();
  expect(Date.parse(expiration)).toBe(now + 3 * lifetimeMs);
});

it('is another for each machine, also where names differ in their beginning only', async () => {
  const { ensure } = stage();
  expect(await ensure('a-12345')).not.toBe(await ensure('b-12345'));
});
