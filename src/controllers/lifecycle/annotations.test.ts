import { describe, expect, it } from 'vitest';
import { isSameRequest, requestedAt, requestedOperation } from './annotations.ts';
import { asked, asks, extension } from './fixtures.ts';

const first = '2026-01-02T03:04:05.123456789Z';
const second = '2026-01-02T03:04:05.2Z';
const at = (metadata: ReturnType<typeof asks>) => extension({ metadata });

describe('requestedOperation', () => {
  it.each([
    ['reconcile', 'reconcile'],
    ['wait-for-state', 'wait-for-state'],
    ['dance', undefined],
    ['', undefined],
  ])('%j is %s', (value, expected) => expect(requestedOperation(at(asks(value)))).toBe(expected));
});

describe('requestedAt', () => {
  it.each([
    [first, Date.parse('2026-01-02T03:04:05Z')],
    ['2026-01-02T04:04:05+01:00', Date.parse('2026-01-02T03:04:05Z')],
    ['soon', undefined],
  ])('%s', (value, expected) => expect(requestedAt(at(asked(value)))).toBe(expected));
});

describe('isSameRequest', () => {
  it.each([
    ['untouched', asks('reconcile', first), asks('reconcile', first), true],
    ['asked once more', asks('reconcile', first), asks('reconcile', second), false],
    ['asked for something else', asks('reconcile', first), asks('migrate', first), false],
    ['taken off', asks('reconcile', first), asked(first), false],
  ])('%s: %s', (_, answered, current, expected) => expect(isSameRequest(at(answered), at(current))).toBe(expected));
});
