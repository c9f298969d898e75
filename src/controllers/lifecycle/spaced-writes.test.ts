import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../kube/fake-clock.ts';
import { spacedWrites } from './spaced-writes.ts';

function setup() {
  const clock = createFakeClock();
  const written: [string, number][] = [];
  const writes = spacedWrites<string>(clock, { firstMs: 1000, betweenMs: 5000 }, async (value) => {
    written.push([value, clock.monotonic()]);
  });
  return { clock, written, writes };
}

describe('spacedWrites', () => {
  it('writes the newest value after some time, and again not too soon', async () => {
    const { clock, written, writes } = setup();
    writes.put('a');
    writes.put('b');
    await clock.run(1500);
    writes.put('c');
    await clock.run(1000);
    writes.put('d');
    await clock.run(60_000);
    writes.put('e');
    await clock.run(0);
    expect(written).toEqual([
      ['b', 1000],
      ['d', 6000],
      ['e', 62_500],
    ]);
  });

  it('writes at once when told to, once', async () => {
    const { clock, written, writes } = setup();
    writes.put('a');
    await writes.flush();
    await writes.flush();
    writes.put('b');
    await clock.run(10_000);
    expect(written).toEqual([
      ['a', 0],
      ['b', 5000],
    ]);
  });

  it('writes nothing for work that is short', async () => {
    const { clock, written, writes } = setup();
    writes.put('a');
    await clock.run(999);
    await writes.settle();
    writes.put('b');
    await clock.run(10_000);
    expect(written).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
