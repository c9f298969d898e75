import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';

const longest = 2 ** 31 - 1;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test.each([100, longest, longest + 1, 3 * longest + 100])('a timer of %i ms is over then, and only once', (ms) => {
  const callback = vi.fn();
  systemClock.schedule(ms, callback);
  vi.advanceTimersByTime(ms - 1);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(callback).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(2 * longest);
  expect(callback).toHaveBeenCalledOnce();
});

test('a long timer can be cancelled in any of its parts', () => {
  const callback = vi.fn();
  const timer = systemClock.schedule(2 * longest, callback);
  vi.advanceTimersByTime(longest + 1);
  timer.cancel();
  vi.advanceTimersByTime(2 * longest);
  expect(callback).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
