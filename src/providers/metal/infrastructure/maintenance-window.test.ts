import { describe, expect, test } from 'vitest';
import { inMaintenanceWindow, secondsOfDay } from './maintenance-window.ts';

const at = (time: string) => Date.parse(`2026-01-02T${time}Z`);
const window = (begin: string, end: string) => ({ begin, end });

test.each([
  ['000000+0000', 0],
  ['220000+0000', 22 * 3600],
  ['010000+0200', 23 * 3600],
  ['230000-0200', 3600],
  ['120030+0530', 6.5 * 3600 + 30],
  ['240000+0000', undefined],
  ['22:00:00+0000', undefined],
  ['220000', undefined],
  ['220000Z', undefined],
  ['', undefined],
])('secondsOfDay(%s)', (text, seconds) => {
  expect(secondsOfDay(text)).toBe(seconds);
});

describe('inMaintenanceWindow', () => {
  const evening = window('220000+0000', '230000+0000');
  const midnight = window('233000+0000', '003000+0000');
  const cutOverMidnight = window('230000+0000', '001000+0000');
  test.each([
    [evening, '21:59:59', false],
    [evening, '22:00:00', true],
    [evening, '22:45:00.999', true],
    [evening, '22:45:01', false],
    [midnight, '23:29:59', false],
    [midnight, '23:30:00', true],
    [midnight, '00:00:00', true],
    [midnight, '00:15:00', true],
    [midnight, '00:15:01', false],
    [midnight, '12:00:00', false],
    [cutOverMidnight, '23:55:00', true],
    [cutOverMidnight, '23:55:01', false],
    [cutOverMidnight, '00:05:00', false],
    [window('010000+0200', '020000+0200'), '23:30:00', true],
    [window('010000+0200', '020000+0200'), '01:30:00', false],
  ])('%j at %s: %s', (value, time, expected) => {
    expect(inMaintenanceWindow(value, at(time))).toBe(expected);
  });

  test.each([undefined, window('nonsense', '230000+0000'), window('220000+0000', '')])('%j is always', (value) => {
    expect(inMaintenanceWindow(value, at('12:00:00'))).toBe(true);
  });
});
