import { expect, test } from 'vitest';
import { systemClock } from '../../../kube/clock.ts';
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
