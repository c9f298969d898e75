import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../kube/fake-clock.ts';
import { healthy, progressing, unhealthy } from '../../providers/health.ts';
import type { Condition } from './conditions.ts';
import { type CheckResult, findingsOf, hibernated } from './findings.ts';

const clock = createFakeClock(Date.UTC(2026, 0, 2, 3, 10, 0));
const minute = 60_000;
const failed = (message: string): CheckResult['health'] => ({ status: 'failed', message });

const old = (status: Condition['status'], lastTransitionTime = '2026-01-02T03:00:00Z'): Condition => ({
  type: 'EveryNodeReady',
  status,
  reason: '',
  message: '',
  lastTransitionTime,
  lastUpdateTime: lastTransitionTime,
});

const find = (healths: readonly CheckResult['health'][], present: readonly Condition[] = []) =>
  findingsOf(
    healths.map((health) => ({ condition: 'EveryNodeReady', health })),
    present,
    clock.now(),
  );

describe('one type', () => {
  it.each<[string, CheckResult['health'][], string, string, string]>([
    ['healthy', [healthy, healthy], 'True', 'HealthCheckSuccessful', 'All health checks successful'],
    ['a fault', [healthy, unhealthy('bad')], 'False', 'HealthCheckUnsuccessful', 'bad'],
    ['faults in the order of the checks', [unhealthy('b'), unhealthy('a')], 'False', 'HealthCheckUnsuccessful', 'b; a'],
    ['not known', [healthy, failed('who knows')], 'Unknown', 'ConditionCheckError', 'who knows'],
    ['a fault is certain', [failed('?'), unhealthy('bad')], 'False', 'HealthCheckUnsuccessful', 'bad; ?'],
    [
      'not known, and on its way',
      [progressing('soon', minute), failed('?')],
      'Unknown',
      'ConditionCheckError',
      '?; soon',
    ],
    ['on its way', [progressing('soon', minute), healthy], 'Progressing', 'HealthCheckProgressing', 'soon'],
    ['a long message', [unhealthy('x'.repeat(3000))], 'False', 'HealthCheckUnsuccessful', `${'x'.repeat(2000)}...`],
  ])('%s', (_, healths, status, reason, message) => {
    expect(find(healths)).toMatchObject([{ type: 'EveryNodeReady', status, reason, message }]);
  });

  it('has the codes of its faults', () => {
    const [finding] = find([unhealthy('a', ['ERR_INFRA_DEPENDENCIES']), unhealthy('b', ['ERR_CONFIGURATION_PROBLEM'])]);
    expect(finding?.codes).toEqual(['ERR_INFRA_DEPENDENCIES', 'ERR_CONFIGURATION_PROBLEM']);
  });
});

describe('progress, ten minutes after the last transition', () => {
  it.each<[string, Condition['status'], number[], string]>([
    ['begins after True', 'True', [5], 'Progressing'],
    ['begins after Unknown', 'Unknown', [5], 'Progressing'],
    ['goes on within its threshold', 'Progressing', [10], 'Progressing'],
    ['has taken too long', 'Progressing', [9], 'False'],
    ['has taken too long for one of two', 'Progressing', [15, 5], 'False'],
    ['does not make False better', 'False', [15], 'False'],
  ])('%s', (_, status, thresholds, expected) => {
    const healths = thresholds.map((minutes) => progressing('soon', minutes * minute));
    expect(find(healths, [old(status)])).toMatchObject([
      { status: expected, message: thresholds.map(() => 'soon').join('; ') },
    ]);
  });
});

it('types are apart, in the order of the checks', () => {
  const results: CheckResult[] = [
    { condition: 'ControlPlaneHealthy', health: unhealthy('bad') },
    { condition: 'SystemComponentsHealthy', health: healthy },
    { condition: 'ControlPlaneHealthy', health: healthy },
  ];
  expect(findingsOf(results, [], clock.now())).toMatchObject([
    { type: 'ControlPlaneHealthy', status: 'False' },
    { type: 'SystemComponentsHealthy', status: 'True' },
  ]);
});

it('says of a cluster that sleeps what Gardener says', () => {
  const said = { status: 'True', reason: 'HealthCheckSuccessful', message: 'Shoot is hibernated' };
  expect(hibernated(['EveryNodeReady'])).toEqual([{ type: 'EveryNodeReady', ...said }]);
});
