import { describe, expect, test } from 'vitest';
import type { ManagedResource } from '../apis/resources/managed-resource.ts';
import { isApplied, presence, unreadiness } from './health.ts';

type Conditions = Record<string, [status: string, message?: string]>;

const healthy: Conditions = { ResourcesApplied: ['True'], ResourcesHealthy: ['True'], ResourcesProgressing: ['False'] };

function resource(conditions: Conditions, observedGeneration = 2): ManagedResource {
  return {
    metadata: { name: 'mr', generation: 2 },
    status: {
      observedGeneration,
      conditions: Object.entries(conditions).map(([type, [status, message]]) => ({
        type,
        status,
        ...(message ? { reason: 'Reason', message } : {}),
      })),
    },
  };
}

describe('readiness', () => {
  test.each<[string, ManagedResource | undefined, string | undefined]>([
    ['healthy', resource(healthy), undefined],
    ['absent', undefined, 'it does not exist'],
    ['an older generation', resource(healthy, 1), expect.stringContaining('has not seen its newest state')],
    ['nothing reported', { metadata: { name: 'mr', generation: 1 } }, expect.stringContaining('is it running?')],
    ['not reported', resource({ ResourcesApplied: ['True'] }), 'ResourcesHealthy is not reported yet'],
    [
      'unhealthy',
      resource({ ...healthy, ResourcesHealthy: ['False', 'Deployment x'] }),
      'ResourcesHealthy is False (Reason): Deployment x',
    ],
    ['progressing', resource({ ...healthy, ResourcesProgressing: ['True'] }), 'ResourcesProgressing is True'],
    [
      'a long message',
      resource({ ResourcesApplied: ['False', 'x'.repeat(1000)] }),
      `ResourcesApplied is False (Reason): ${'x'.repeat(500)}...`,
    ],
  ])('%s', (_, object, reason) => {
    expect(unreadiness(object)).toEqual(reason);
  });
});

describe('presence', () => {
  test.each<[string, ManagedResource | undefined, string | undefined]>([
    ['gone', undefined, undefined],
    ['not begun', resource(healthy), expect.stringContaining('has not begun')],
    [
      'pending',
      resource({ ResourcesApplied: ['False', 'still there: Pod x'] }),
      'ResourcesApplied is False (Reason): still there: Pod x',
    ],
  ])('%s', (_, object, reason) => {
    expect(presence(object)).toEqual(reason);
  });
});

test.each([
  ['as written now', resource(healthy), true],
  ['as written before', resource(healthy, 1), false],
  ['not', resource({ ResourcesApplied: ['False'] }), false],
])('applied: %s', (_, object, applied) => {
  expect(isApplied(object)).toBe(applied);
});
