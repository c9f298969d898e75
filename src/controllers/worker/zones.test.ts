import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOf, shareOfIntOrString } from './zones.ts';

const shares = (total: number, count: number) =>
  Array.from({ length: count }, (_, index) => shareOf(total, { index, count }));

describe('shareOf', () => {
  it.each([
    [5, 3, [2, 2, 1]],
    [6, 3, [2, 2, 2]],
    [1, 3, [1, 0, 0]],
    [0, 2, [0, 0]],
    [7, 1, [7]],
  ])('%i over %i', (total, count, expected) => expect(shares(total, count)).toEqual(expected));

  it('gives away exactly the whole, as evenly as can be, the most to the first', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 12 }), (total, count) => {
        const all = shares(total, count);
        expect(all.reduce((sum, share) => sum + share, 0)).toBe(total);
        expect(all).toEqual([...all].sort((a, b) => b - a));
        expect((all[0] ?? 0) - (all.at(-1) ?? 0)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('shareOfIntOrString', () => {
  it.each<[number | string, number, number, number, number | string]>([
    [3, 9, 0, 2, 2],
    [3, 9, 1, 2, 1],
    ['25%', 6, 0, 3, '25%'],
    // 100 / (5 / 3) * 2 * 25 / 100 = 30, and * 1 = 15
    ['25%', 5, 0, 3, '30%'],
    ['25%', 5, 2, 3, '15%'],
    ['10%', 4, 0, 3, '15%'],
    ['10%', 4, 1, 3, '8%'],
    ['0%', 5, 0, 3, '0%'],
    ['25%', 0, 0, 3, '25%'],
  ])('%s of %i, zone %i of %i', (value, total, index, count, expected) =>
    expect(shareOfIntOrString(value, total, { index, count }, 'maxSurge')).toBe(expected),
  );

  it.each(['25', '%', '2.5%', '-1%', ''])('refuses %j', (value) =>
    expect(() => shareOfIntOrString(value, 5, { index: 0, count: 2 }, 'maxSurge of worker pool w')).toThrow(
      `maxSurge of worker pool w must be a number or a percentage like 25%, not "${value}"`,
    ),
  );
});
