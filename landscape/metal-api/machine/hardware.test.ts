import { describe, expect, test } from 'vitest';
import { FIREWALL_SIZE, PARTITION, PROJECT, WORKER_SIZE } from '../fixture.ts';
import { fakeClock, startForTest, type TestApi } from '../test-client.ts';
import type { HardwareEvent } from './hardware.ts';

const TIMING = { provisioningMs: 3_000, reclaimMs: 4_000 };

async function allocate({ call }: TestApi, hostname: string, kind: 'machine' | 'firewall' = 'machine') {
  const { body: network } = await call('POST', '/v1/network/allocate', { projectid: PROJECT, partitionid: PARTITION });
  const isFirewall = kind === 'firewall';
  const { body } = await call('POST', `/v1/${kind}/allocate`, {
    ...{ projectid: PROJECT, partitionid: PARTITION, name: hostname, hostname, user_data: 'boot me' },
    sizeid: isFirewall ? FIREWALL_SIZE : WORKER_SIZE,
    imageid: isFirewall ? 'firewall-ubuntu-3.0' : 'ubuntu-24.4',
    networks: [{ networkid: network.id }, ...(isFirewall ? [{ networkid: 'internet' }] : [])],
    tags: ['cluster.metal-stack.io/id=C'],
  });
  return body;
}

/** Events of `GET hardware`, as they arrive; returns each once. */
async function watch({ api }: TestApi, signal: AbortSignal) {
  const response = await fetch(new URL('/_simulator/hardware', api.url), { signal });
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  return async (): Promise<HardwareEvent> => {
    while (!rest.includes('\n')) {
      const { value, done } = await reader.read();
      if (done) throw new Error('the stream has ended');
      rest += value;
    }
    const [line = '', ...others] = rest.split('\n');
    rest = others.join('\n');
    return JSON.parse(line);
  };
}

describe('fate', () => {
  test.each([
    ['phones-home', ['Phoned Home', 'Booting New Kernel', 'Installing', 'Waiting'], false, true],
    ['hangs', ['Booting New Kernel', 'Installing', 'Waiting'], false, true],
    ['crash-loops', ['PXE Booting', 'Installing', 'Waiting'], true, false],
  ] as const)('%s', async (boot, events, crashLoop, succeeded) => {
    const clock = fakeClock();
    const hardware = [
      { hostname: 'other-*', bootMs: 0 },
      { hostname: 'w-*', bootMs: 60, boot },
      { hostname: '*', bootMs: 0 },
    ];
    await using simulator = await startForTest({ clock, timing: TIMING, knobs: { hardware } });
    const { id } = await allocate(simulator, 'w-1');
    clock.advance(60);
    const { body } = await simulator.call('GET', `/v1/machine/${id}`);
    expect(body.events.log.map(({ event }: { event: string }) => event)).toEqual(events);
    expect([body.events.crash_loop, body.allocation.succeeded]).toEqual([crashLoop, succeeded]);
    await simulator.call('DELETE', `/v1/machine/${id}/free`);
    clock.advance(TIMING.reclaimMs);
    const { body: freed } = await simulator.call('GET', `/v1/machine/${id}`);
    expect([freed.events.crash_loop, freed.events.log[0].event]).toEqual([false, 'Waiting']);
  });
});

describe('the stream', () => {
  test('begins with what runs, and tells of what boots, stops, and is turned', async () => {
    const clock = fakeClock();
    await using simulator = await startForTest({ clock, timing: TIMING });
    const first = await allocate(simulator, 'w-1');
    clock.advance(TIMING.provisioningMs);
    const second = await allocate(simulator, 'fw-1', 'firewall');
    const stop = new AbortController();
    const next = await watch(simulator, stop.signal);
    expect(await next()).toEqual({ type: 'knobs', hardware: [] });
    const addresses = first.allocation.networks.flatMap(({ ips }: { ips: string[] }) => ips);
    expect(await next()).toEqual({
      type: 'booted',
      machine: {
        ...{ id: first.id, partition: PARTITION, size: WORKER_SIZE, hostname: 'w-1', role: 'machine', addresses },
        tags: first.tags,
        userData: 'boot me',
      },
    });
    expect(await next()).toEqual({ type: 'synced' });
    clock.advance(TIMING.provisioningMs);
    expect(await next()).toMatchObject({ type: 'booted', machine: { id: second.id, role: 'firewall' } });
    simulator.api.knobs.turn({ hardware: [{ hostname: 'w-*', runs: 'silent' }] });
    expect(await next()).toEqual({
      type: 'knobs',
      hardware: [{ hostname: 'w-*', boot: 'phones-home', runs: 'silent' }],
    });
    await simulator.call('POST', `/v1/machine/${first.id}/reinstall`, { id: first.id, imageid: 'debian-12' });
    expect(await next()).toEqual({ type: 'stopped', id: first.id });
    clock.advance(TIMING.provisioningMs);
    expect(await next()).toMatchObject({ type: 'booted', machine: { id: first.id } });
    await simulator.call('DELETE', `/v1/machine/${second.id}/free`);
    expect(await next()).toEqual({ type: 'stopped', id: second.id });
    simulator.api.reset();
    expect(await next()).toEqual({ type: 'stopped', id: first.id });
    stop.abort();
  });

  test('does not tell of machines that boot in a state that was reset', async () => {
    const clock = fakeClock();
    await using simulator = await startForTest({ clock, timing: TIMING });
    const next = await watch(simulator, new AbortController().signal);
    for (let event = await next(); event.type !== 'synced'; ) event = await next();
    const { id } = await allocate(simulator, 'w-1');
    expect(await next()).toEqual({ type: 'stopped', id });
    simulator.api.reset();
    expect([(await next()).type, (await next()).type]).toEqual(['stopped', 'knobs']);
    clock.advance(TIMING.provisioningMs);
    const again = await allocate(simulator, 'w-2');
    expect(await next()).toEqual({ type: 'stopped', id: again.id });
    clock.advance(TIMING.provisioningMs);
    expect(await next()).toMatchObject({ type: 'booted', machine: { hostname: 'w-2' } });
  });
});
