import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { forEachBounded } from './bounded.ts';

describe('forEachBounded', () => {
  it('works on some at a time, and on all', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await forEachBounded([1, 2, 3, 4, 5], 2, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await nextTurn();
      running -= 1;
      done.push(item);
    });
    expect(done.sort()).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });

  it('tries all and throws what failed', async () => {
    const failing = (bad: readonly number[]) =>
      forEachBounded([1, 2, 3], 1, async (item) => {
        if (bad.includes(item)) throw new Error(`no ${item}`);
      });
    await expect(failing([2])).rejects.toThrow('no 2');
    await expect(failing([1, 3])).rejects.toThrow('no 1; no 3');
    await expect(failing([1, 3])).rejects.toBeInstanceOf(AggregateError);
  });
});
