import { describe, expect, it } from 'vitest';
import { ApiError } from './errors.ts';
import { cutToBytes } from './event-correlator.ts';
import type { CoreEvent } from './event-resource.ts';
import { createEventRecorder } from './events.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeLog } from './fake-log.ts';
import { createMemoryApi } from './memory/api.ts';
import type { KubeObject } from './object.ts';

const infra = (name = 'infra'): KubeObject => ({
  apiVersion: 'extensions.gardener.cloud/v1alpha1',
  kind: 'Infrastructure',
  metadata: { namespace: 'shoot--a--b', name, uid: `uid-${name}`, resourceVersion: '7' },
});

function setup() {
  const clock = createFakeClock();
  const log = createFakeLog();
  const api = createMemoryApi();
  const recorder = createEventRecorder({
    client: api.client,
    component: 'infra-controller',
    instance: 'pod-1',
    clock,
    log,
  });
  const events = () => [...api.objects.values()] as CoreEvent[];
  return { clock, log, api, recorder, events };
}

describe('event recorder', () => {
  it('writes what kubectl describe shows', async () => {
    const { clock, recorder, events } = setup();
    recorder.event(infra(), 'Warning', 'ReconcileError', 'no network left');
    await clock.run(0);
    expect(events()).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: expect.objectContaining({
          namespace: 'shoot--a--b',
          name: expect.stringMatching(/^infra\.[0-9a-f-]{36}$/),
        }),
        involvedObject: {
          apiVersion: 'extensions.gardener.cloud/v1alpha1',
          kind: 'Infrastructure',
          namespace: 'shoot--a--b',
          name: 'infra',
          uid: 'uid-infra',
          resourceVersion: '7',
        },
        type: 'Warning',
        reason: 'ReconcileError',
        message: 'no network left',
        count: 1,
        firstTimestamp: '2026-01-02T03:04:05Z',
        lastTimestamp: '2026-01-02T03:04:05Z',
        source: { component: 'infra-controller', host: 'pod-1' },
        reportingComponent: 'infra-controller',
        reportingInstance: 'pod-1',
      },
    ]);
  });

  it('puts events of cluster-scoped objects into default, under a name that the API server takes', async () => {
    const { clock, recorder, events } = setup();
    recorder.event({ kind: 'ClusterRole', metadata: { name: 'System:x--.Y..z-' } }, 'Normal', 'R', 'm');
    await clock.run(0);
    expect(events()[0]?.metadata).toMatchObject({
      namespace: 'default',
      name: expect.stringMatching(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/),
    });
    expect(events()[0]?.involvedObject).not.toHaveProperty('namespace');
  });

  it('counts up what is said again', async () => {
    const { clock, recorder, events } = setup();
    for (let round = 0; round < 3; round += 1) {
      recorder.event(infra(), 'Normal', 'R', 'same');
      recorder.event(infra(), 'Normal', 'R', 'other');
      await clock.run(60_000);
    }
    expect(
      events().map(({ message, count, firstTimestamp, lastTimestamp }) => [
        message,
        count,
        firstTimestamp,
        lastTimestamp,
      ]),
    ).toEqual([
      ['same', 3, '2026-01-02T03:04:05Z', '2026-01-02T03:06:05Z'],
      ['other', 3, '2026-01-02T03:04:05Z', '2026-01-02T03:06:05Z'],
    ]);
  });

  it('writes once what is said many times while it waits', async () => {
    const { clock, api, recorder, events } = setup();
    recorder.event(infra('first'), 'Normal', 'R', 'm');
    for (let round = 0; round < 20; round += 1) recorder.event(infra(), 'Normal', 'R', 'm');
    await clock.run(0);
    expect(events().map(({ count }) => count)).toEqual([1, 20]);
    expect(api.calls.filter(({ verb }) => verb !== 'mergePatch')).toHaveLength(2);
  });

  it('begins anew after ten quiet minutes, and when the event has gone', async () => {
    const { clock, api, recorder, events } = setup();
    recorder.event(infra(), 'Normal', 'R', 'm');
    await clock.run(600_000);
    recorder.event(infra(), 'Normal', 'R', 'm');
    await clock.run(0);
    expect(events().map(({ count }) => count)).toEqual([1, 1]);
    api.objects.clear();
    recorder.event(infra(), 'Normal', 'R', 'm');
    await clock.run(0);
    expect(events().map(({ count }) => count)).toEqual([2]);
  });

  it('keeps one chatty object quiet, and not the others', async () => {
    const { clock, log, recorder, events } = setup();
    for (let round = 0; round < 100; round += 1) recorder.event(infra(), 'Normal', 'R', `message ${round}`);
    recorder.event(infra('other'), 'Normal', 'R', 'm');
    await clock.run(0);
    expect(events()).toHaveLength(26);
    expect(log.lines).toHaveLength(75);
    await clock.run(300_000);
    recorder.event(infra(), 'Normal', 'R', 'heard again');
    await clock.run(0);
    expect(events()).toHaveLength(27);
  });

  it('tries again when the API server has trouble, and not when it does not want the event', async () => {
    const { clock, log, api, recorder, events } = setup();
    const troubles: (Error | undefined)[] = [new Error('refused'), new ApiError(503, {}), undefined];
    api.before = () => {
      const trouble = troubles.shift();
      if (trouble) throw trouble;
    };
    recorder.event(infra(), 'Normal', 'R', 'm');
    await clock.run(10_000);
    expect(events()).toHaveLength(1);
    troubles.push(new ApiError(403, { message: 'forbidden' }));
    recorder.event(infra('b'), 'Normal', 'R', 'm');
    recorder.event(infra('c'), 'Normal', 'R', 'm');
    await clock.run(0);
    expect(events().map(({ involvedObject }) => involvedObject.name)).toEqual(['infra', 'c']);
    expect(log.lines).toMatchObject([{ level: 'warn', values: { name: 'b' } }]);
  });

  it('writes once though the answer was lost', async () => {
    const { clock, log, api, recorder, events } = setup();
    let lost = 0;
    api.after = () => {
      if (lost++ < 2) throw new Error('socket hang up');
    };
    recorder.event(infra(), 'Normal', 'R', 'm');
    await clock.run(10_000);
    expect(events().map(({ count }) => count)).toEqual([1]);
    expect(log.lines).toEqual([]);
  });

  it('forgets the oldest when a thousand wait, and never blocks or throws', async () => {
    const { clock, api, recorder, events } = setup();
    const gate = Promise.withResolvers<void>();
    api.before = () => gate.promise;
    for (let index = 0; index < 1500; index += 1) recorder.event(infra(`i${index}`), 'Normal', 'R', 'm');
    recorder.event(undefined as unknown as KubeObject, 'Normal', 'R', 'm');
    gate.resolve();
    for (let round = 0; round < 50 && events().length < 1001; round += 1) await clock.run(0);
    await recorder.drain();
    expect(events()).toHaveLength(1001);
    expect(events().at(-1)?.involvedObject.name).toBe('i1499');
  });

  it('drains: sends what waits, and nothing after', async () => {
    const { clock, recorder, events } = setup();
    for (const name of ['a', 'b', 'c']) recorder.event(infra(name), 'Normal', 'R', 'm');
    await recorder.drain();
    expect(events()).toHaveLength(3);
    recorder.event(infra('d'), 'Normal', 'R', 'm');
    await clock.run(0);
    expect(events()).toHaveLength(3);
    expect(clock.pending).toBe(0);
  });

  it('drains no longer than allowed when the API server does not answer', async () => {
    const { clock, api, recorder } = setup();
    api.before = () => new Promise(() => undefined);
    for (const name of ['a', 'b', 'c']) recorder.event(infra(name), 'Normal', 'R', 'm');
    const drained = recorder.drain(2000);
    await clock.run(2000);
    await drained;
  });

  it('does not wait out a back-off when it drains', async () => {
    const { clock, api, recorder, events } = setup();
    api.before = () => {
      throw new Error('refused');
    };
    recorder.event(infra(), 'Normal', 'R', 'm');
    await clock.run(0);
    api.before = () => undefined;
    await recorder.drain();
    expect(events()).toHaveLength(1);
  });
});

describe('cutToBytes', () => {
  it.each([
    ['short', 10, 'short'],
    ['exactly ten', 11, 'exactly ten'],
    ['much longer than that', 10, 'much lo…'],
    ['ääää', 6, 'ä…'],
    ['😀😀😀', 9, '😀…'],
  ])('%j to %i bytes', (text, max, expected) => {
    expect(cutToBytes(text, max)).toBe(expected);
    expect(Buffer.byteLength(cutToBytes(text, max))).toBeLessThanOrEqual(max);
  });
});
