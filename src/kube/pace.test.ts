import { describe, expect, test } from 'vitest';
import { createPace } from './pace.ts';

describe('createPace', () => {
  test('a watch that ends after minutes is followed at once, always', () => {
    const pace = createPace(() => 0);
    expect([1, 2, 3].map(() => pace.after(400_000, true))).toEqual([0, 0, 0]);
  });

  test('a server that closes at once is asked less and less often', () => {
    const pace = createPace(() => 0);
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(() => pace.after(1, true))).toEqual([
      0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
  });

  test('an error is never followed at once; a healthy round begins anew', () => {
    const pace = createPace(() => 0);
    expect(pace.after(1, false)).toBe(1_000);
    expect(pace.after(1, false)).toBe(2_000);
    expect(pace.after(60_000, false)).toBe(1_000);
    expect(pace.after(60_000, true)).toBe(0);
  });

  test('an expired version is followed at once also after an outage, but only once', () => {
    const pace = createPace(() => 0);
    expect([false, false, true, true].map((usual) => pace.after(1, usual))).toEqual([1_000, 2_000, 0, 4_000]);
  });

  test('jitter shortens by up to a half', () => {
    expect(createPace(() => 1).after(1, false)).toBe(500);
  });
});
