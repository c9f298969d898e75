import { expect, it } from 'vitest';
import { createFakeClock } from '../../kube/fake-clock.ts';
import { createElapsed } from './elapsed.ts';
import { createHoldOff } from './hold-off.ts';

const at = (ms: number) => new Date(ms).toISOString();

it('counts from the time of the object, and not what the wall clock jumps', () => {
  const clock = createFakeClock();
  const elapsed = createElapsed(clock);
  const time = at(clock.now() - 60_000);
  expect(elapsed.since('m', 'phase', time)).toBe(60_000);
  clock.stepWall(3_600_000);
  clock.advance(1_000);
  expect(elapsed.since('m', 'phase', time)).toBe(61_000);
  expect(elapsed.since('m', 'phase', at(clock.now()))).toBe(0);
});

it.each([undefined, '', 'yesterday'])('takes %j for now', (time) => {
  expect(createElapsed(createFakeClock()).since('m', 'phase', time)).toBe(0);
});

it('takes what is to come for now', () => {
  const clock = createFakeClock();
  expect(createElapsed(clock).since('m', 'phase', at(clock.now() + 60_000))).toBe(0);
});

it('holds a call off until its time, or until what it depends on has changed', () => {
  const clock = createFakeClock();
  const holdOff = createHoldOff(clock);
  holdOff.set('m', 'class 1', 5_000);
  clock.advance(2_000);
  expect(holdOff.left('m', 'class 1')).toBe(3_000);
  expect(holdOff.left('m', 'class 2')).toBe(0);
  clock.advance(3_000);
  expect(holdOff.left('m', 'class 1')).toBe(0);
});
