import { describe, expect, it } from 'vitest';
import { createFakeClock, seededRandom } from './fake-clock.ts';
import { createQueue, type QueueOptions } from './queue.ts';

function setup(options: QueueOptions = {}) {
  const clock = createFakeClock();
  return { clock, queue: createQueue({ clock, random: () => 0, ...options }) };
}

describe('queue', () => {
  it('holds a key once however often it is added, and serves in order', async () => {
    const { queue } = setup();
    for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key);
    expect(queue.length).toBe(3);
    expect([await queue.get(), await queue.get(), await queue.get()]).toEqual(['a', 'b', 'c']);
  });

  it('runs a key again that was added while in work, once, and not before it is done', async () => {
    const { queue } = setup();
    queue.add('a');
    await queue.get();
    queue.add('a');
    queue.add('a');
    expect(queue.length).toBe(0);
    queue.done('a');
    expect(queue.length).toBe(1);
    expect(await queue.get()).toBe('a');
    queue.done('a');
    expect(queue.length).toBe(0);
  });

  it('wakes those who wait, first come first served', async () => {
    const { queue } = setup();
    const [first, second] = [queue.get(), queue.get()];
    queue.add('a');
    queue.add('b');
    expect([await first, await second]).toEqual(['a', 'b']);
  });

  it('lets go of who no longer waits, and loses no key by it', async () => {
    const { queue } = setup();
    const impatient = new AbortController();
    const gone = queue.get(impatient.signal);
    const patient = queue.get();
    impatient.abort();
    queue.add('a');
    expect([await gone, await patient]).toEqual([undefined, 'a']);
    expect(await queue.get(AbortSignal.abort())).toBeUndefined();
  });

  it('serves others between two runs of a key that is always dirty', async () => {
    const { queue } = setup();
    for (const key of ['hot', 'b', 'c']) queue.add(key);
    const served: (string | undefined)[] = [];
    for (let round = 0; round < 6; round += 1) {
      const key = (await queue.get()) as string;
      served.push(key);
      queue.add('hot');
      queue.done(key);
    }
    expect(served).toEqual(['hot', 'b', 'c', 'hot', 'hot', 'hot']);
  });

  it('lets the earliest of several wake-ups win, whichever came first', async () => {
    const { clock, queue } = setup();
    queue.addAfter('a', 50);
    queue.addAfter('a', 10);
    queue.addAfter('b', 10);
    queue.addAfter('b', 50);
    expect(clock.pending).toBe(1);
    clock.advance(9);
    expect(queue.length).toBe(0);
    clock.advance(1);
    expect([await queue.get(), await queue.get()].sort()).toEqual(['a', 'b']);
    queue.done('a');
    queue.done('b');
    clock.advance(100);
    expect(queue.length).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it.each([0, -1, Number.NaN])('adds after %s ms at once', (ms) => {
    const { queue } = setup();
    queue.addAfter('a', ms);
    expect(queue.length).toBe(1);
  });

  it('sleeps longer than setTimeout can', () => {
    const { clock, queue } = setup();
    const days = 24 * 3600 * 1000;
    queue.addAfter('a', 60 * days);
    queue.addAfter('never', Infinity);
    clock.advance(60 * days - 1);
    expect(queue.length).toBe(0);
    clock.advance(1);
    expect(queue.length).toBe(1);
  });

  it('backs off twice as long after each failure, up to the cap, until forgotten', () => {
    const { clock, queue } = setup({ backoff: { baseMs: 5, capMs: 30 } });
    const delays: number[] = [];
    const failOnce = async () => {
      queue.addRateLimited('a');
      let waited = 0;
      for (; queue.length === 0; waited += 1) clock.advance(1);
      delays.push(waited);
      await queue.get();
      queue.done('a');
    };
    return (async () => {
      for (let round = 0; round < 5; round += 1) await failOnce();
      queue.forget('a');
      await failOnce();
      expect(delays).toEqual([5, 10, 20, 30, 30, 5]);
    })();
  });

  it('lets no more retries through than the bucket has, and first adds as they come', () => {
    const { clock, queue } = setup({ bucket: { perSecond: 10, burst: 2 } });
    for (const key of ['a', 'b', 'c', 'd']) queue.addRateLimited(key);
    for (const key of ['x', 'y', 'z']) queue.add(key);
    expect(queue.length).toBe(3);
    clock.advance(5);
    expect(queue.length).toBe(5);
    clock.advance(95);
    expect(queue.length).toBe(6);
    clock.advance(100);
    expect(queue.length).toBe(7);
  });

  it('shuts down: hands out and takes nothing more, and waits for what is in work', async () => {
    const { clock, queue } = setup();
    queue.add('a');
    queue.add('b');
    queue.addAfter('c', 10);
    await queue.get();
    let drained = false;
    const end = queue.shutDown().then(() => {
      drained = true;
    });
    expect(await queue.get()).toBeUndefined();
    queue.add('a');
    queue.addRateLimited('a');
    await clock.run(100);
    expect(drained).toBe(false);
    queue.done('a');
    await end;
    expect(clock.pending).toBe(0);
    await queue.shutDown();
  });

  it('wakes those who wait when it shuts down', async () => {
    const { queue } = setup();
    const waiting = queue.get();
    await queue.shutDown();
    expect(await waiting).toBeUndefined();
  });

  it('ignores done for a key that is not in work', () => {
    const { queue } = setup();
    queue.done('a');
    expect(queue.length).toBe(0);
  });

  it('keeps its order over thousands of keys', async () => {
    const { queue } = setup();
    const taken: (string | undefined)[] = [];
    for (let index = 0; index < 5000; index += 1) queue.add(`k${index}`);
    for (let index = 0; index < 5000; index += 1) taken.push(await queue.get());
    expect(taken).toEqual(Array.from({ length: 5000 }, (_, index) => `k${index}`));
  });
});

describe('queue under a random course of events', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'never works on a key twice at once and loses no change (seed %i)',
    async (seed) => {
      const random = seededRandom(seed);
      const { clock, queue } = setup({ backoff: { baseMs: 5, capMs: 200 }, bucket: { perSecond: 100, burst: 5 } });
      const pick = (max: number) => Math.floor(random() * max);
      /** The version of each key that was asked for, and the one that a run which began later has seen. */
      const asked = new Map<string, number>();
      const seen = new Map<string, number>();
      const working = new Set<string>();
      const overlaps: string[] = [];
      const stop = new AbortController();

      const worker = async () => {
        for (let key = await queue.get(stop.signal); key !== undefined; key = await queue.get(stop.signal)) {
          if (working.has(key)) overlaps.push(key);
          working.add(key);
          seen.set(key, asked.get(key) ?? 0);
          const held = key;
          await new Promise<void>((resolve) => void clock.schedule(pick(20), resolve));
          working.delete(held);
          if (pick(4) === 0) queue.addRateLimited(held);
          else queue.forget(held);
          queue.done(held);
        }
      };
      const workers = Array.from({ length: 4 }, worker);
      const ways = [
        (key: string) => queue.add(key),
        (key: string) => queue.addAfter(key, pick(50)),
        (key: string) => queue.addRateLimited(key),
      ];
      for (let step = 0; step < 400; step += 1) {
        const key = `k${pick(7)}`;
        asked.set(key, (asked.get(key) ?? 0) + 1);
        ways[pick(ways.length)]?.(key);
        if (pick(3) === 0) await clock.run(pick(15));
      }
      for (let settle = 0; settle < 100 && (queue.length > 0 || clock.pending > 0 || working.size > 0); settle += 1) {
        await clock.run(1000);
      }
      expect(overlaps).toEqual([]);
      expect(seen).toEqual(asked);
      stop.abort();
      await Promise.all(workers);
    },
  );
});
