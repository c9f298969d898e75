import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../kube/clock.ts';
import { json, startFakeServer } from './fake-server.ts';
import { createMetalApiRegistry } from './registry.ts';

test('reconciles of one endpoint and credential share one client', async () => {
  const registry = createMetalApiRegistry({ clock: systemClock });
  const client = registry.client('http://a', { hmac: 'k' });
  expect(registry.client('http://a', { hmac: 'k' })).toBe(client);
  expect(registry.client('http://a', { hmac: 'rotated' })).not.toBe(client);
  expect(registry.client('http://b', { hmac: 'k' })).not.toBe(client);
  expect(registry.size).toBe(3);
  await registry.close();
});

test('what is unused for long or too much is forgotten, the oldest first', async () => {
  let now = 0;
  const clock = { ...systemClock, monotonic: () => now };
  const registry = createMetalApiRegistry({ clock, maxEntries: 2, idleMs: 1_000 });
  const first = registry.client('http://a', { hmac: '1' });
  registry.client('http://a', { hmac: '2' });
  expect(registry.client('http://a', { hmac: '1' })).toBe(first);
  registry.client('http://a', { hmac: '3' });
  expect(registry.size).toBe(2);
  expect(registry.client('http://a', { hmac: '1' })).toBe(first);
  now += 1_001;
  registry.client('http://a', { hmac: '4' });
  expect(registry.size).toBe(1);
  await registry.close();
});

test('a proxy of the environment is asked for other hosts, not for this one', async () => {
  await using proxy = await startFakeServer(json(200, []));
  await using direct = await startFakeServer(json(200, []));
  const before = process.env.http_proxy;
  process.env.http_proxy = new URL(proxy.url).origin;
  onTestFinished(() => {
    if (before === undefined) delete process.env.http_proxy;
    else process.env.http_proxy = before;
  });
  const registry = createMetalApiRegistry({ clock: systemClock, retries: 0, timeoutMs: 500 });
  await registry.client(direct.url, { hmac: 'k' }).findIPs({});
  expect([direct.received.length, proxy.received.length]).toEqual([1, 0]);
  await registry
    .client('http://metal.example.invalid/metal', { hmac: 'k' })
    .findIPs({})
    .catch(() => undefined);
  expect(direct.received).toHaveLength(1);
  expect(proxy.received.length + proxy.tunnels.length).toBe(1);
  await registry.close();
});
