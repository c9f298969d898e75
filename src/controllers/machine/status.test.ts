import { describe, expect, it } from 'vitest';
import { MachineError } from '../../providers/machine.ts';
import { machine, now } from './fixtures.ts';
import { describeError, type StatusChange, statusPatch } from './status.ts';

const failed = (description: string): StatusChange => ({
  phase: 'CrashLoopBackOff',
  operation: { type: 'Create', state: 'Failed', description, errorCode: 'Internal' },
});
const said = (description: string, minutesAgo = 1) =>
  machine('CrashLoopBackOff', {
    metadata: { resourceVersion: '7' },
    status: {
      lastOperation: {
        ...{ type: 'Create', state: 'Failed', errorCode: 'Internal', description },
        lastUpdateTime: new Date(now - minutesAgo * 60_000).toISOString(),
      },
    },
  });

describe('what is written into a status', () => {
  it('is phase and operation with their times, for the Machine as it was seen', () => {
    const operation = { type: 'Create', state: 'Processing', description: 'd' } as const;
    const lastUpdateTime = '2026-01-02T03:04:05Z';
    expect(statusPatch(said('x'), { phase: 'Pending', timeoutActive: true, operation }, now)).toEqual({
      metadata: { resourceVersion: '7' },
      status: {
        currentStatus: { phase: 'Pending', timeoutActive: true, lastUpdateTime },
        lastOperation: { ...operation, errorCode: null, lastUpdateTime },
      },
    });
  });

  it('leaves the time of the phase when only the operation goes on', () => {
    const operation = { type: 'Delete', state: 'Processing', description: 'd' } as const;
    expect(statusPatch(said('x'), { operation }, now)).not.toHaveProperty('status.currentStatus');
  });

  it.each<[string, ReturnType<typeof said>, StatusChange, boolean]>([
    ['the same', said('request a1 refused'), failed('request a1 refused'), false],
    ['the same with another id', said('request 6f1c2-0b refused'), failed('request 77e2a-4c refused'), false],
    ['the same after long', said('request refused', 31), failed('request refused'), true],
    ['something else', said('request refused'), failed('no answer'), true],
    ['another phase', said('request refused'), { ...failed('request refused'), phase: 'Failed' }, true],
    ['a phase alone', said('request refused'), { phase: 'CrashLoopBackOff' }, true],
    ['conditions, too', said('request refused'), { ...failed('request refused'), conditions: [] }, true],
  ])('is not written again: %s', (_, before, change, expected) => {
    expect(statusPatch(before, change, now) !== undefined).toBe(expected);
  });

  it('has errors in the form of the Go drivers, and not endless', () => {
    const text = describeError(new MachineError('Internal', 'x'.repeat(5_000)));
    expect(text).toMatch(/^machine codes error: code = \[Internal\] message = \[x+…\]$/);
    expect(text.length).toBeLessThan(2_100);
  });
});
