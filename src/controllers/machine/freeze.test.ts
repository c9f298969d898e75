import { expect, it, vi } from 'vitest';
import { machines } from '../../apis/machine/machine.ts';
import { createFakeClock } from '../../kube/fake-clock.ts';
import { createFakeLog } from '../../kube/fake-log.ts';
import { createMemoryClient } from '../../kube/memory/client.ts';
import { createMemoryStore } from '../../kube/memory/store.ts';
import type { MachineContext } from './context.ts';
import { machine, now, settings } from './fixtures.ts';
import { type Freeze, guardApiServers } from './freeze.ts';

it('on thaw, also a machine gets its time anew that nobody had heard of to be sick', async () => {
  const clock = createFakeClock(now);
  const client = createMemoryClient({ store: createMemoryStore(clock), writer: 'test' });
  const { metadata } = await client.create(machines, machine('Running'));
  const { status: sick } = machine('Unknown');
  await client.mergePatch(machines, metadata, { status: sick }, { subresource: 'status' });
  let isDown = true;
  const find: typeof client.find = (...args) => (isDown ? Promise.reject(new Error('down')) : client.find(...args));
  const context = {
    ...{ clock, settings, namespace: 'ns', control: { ...client, find }, target: undefined },
    machines: { list: () => [machine('Running')], remember: () => undefined },
  } as unknown as MachineContext;
  const freeze: Freeze = { frozen: false };
  const onThaw = vi.fn();
  const stop = new AbortController();
  const guarding = guardApiServers(context, freeze, onThaw, createFakeLog(), stop.signal);
  const passes = (isFrozen: boolean) =>
    vi.waitFor(() => {
      clock.advance(settings.freezeAfterMs);
      expect(freeze.frozen).toBe(isFrozen);
    });
  await passes(true);
  isDown = false;
  await passes(false);
  const { status } = await client.get(machines, metadata);
  expect(status?.lastOperation?.description).toMatch(/Health Timeout was reset/);
  expect(onThaw).toHaveBeenCalledOnce();
  stop.abort();
  await guarding;
});
