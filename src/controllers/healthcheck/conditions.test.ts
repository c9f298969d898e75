import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../kube/fake-clock.ts';
import { type Condition, conditionsOf, type Finding, mergeConditions } from './conditions.ts';

const before = '2026-01-02T03:00:00Z';
const now = '2026-01-02T03:04:05Z';
const clock = createFakeClock();

const finding = (change: Partial<Finding> = {}): Finding => ({
  type: 'EveryNodeReady',
  status: 'True',
  reason: 'HealthCheckSuccessful',
  message: 'fine',
  ...change,
});
const said = (change: Partial<Condition> = {}): Condition => ({
  ...finding(),
  lastTransitionTime: before,
  lastUpdateTime: before,
  ...change,
});
const foreign = said({ type: 'Foreign', message: 'of another writer' });
const former = said({ type: 'SystemComponentsHealthy' });

describe('mergeConditions', () => {
  it.each<[string, readonly Condition[], readonly Finding[], readonly Condition[] | undefined]>([
    ['nothing to say', [foreign], [], undefined],
    ['said already', [foreign, said()], [finding()], undefined],
    [
      'codes said already, in another order',
      [said({ codes: ['A', 'B'] })],
      [finding({ codes: ['B', 'A', 'B'] })],
      undefined,
    ],
    ['the first one', [], [finding()], [said({ lastTransitionTime: now, lastUpdateTime: now })]],
    [
      'a new one goes behind others',
      [foreign],
      [finding()],
      [foreign, said({ lastTransitionTime: now, lastUpdateTime: now })],
    ],
    [
      'a new status, in its place',
      [said(), foreign],
      [finding({ status: 'False' })],
      [said({ status: 'False', lastTransitionTime: now, lastUpdateTime: now }), foreign],
    ],
    ['a new message', [said()], [finding({ message: 'new' })], [said({ message: 'new', lastUpdateTime: now })]],
    ['a new reason', [said()], [finding({ reason: 'New' })], [said({ reason: 'New', lastUpdateTime: now })]],
    ['new codes', [said()], [finding({ codes: ['A'] })], [said({ codes: ['A'], lastUpdateTime: now })]],
    ['no codes any more', [said({ codes: ['A'] })], [finding()], [said({ lastUpdateTime: now })]],
    ['a former one goes, also alone', [former, said()], [finding()], [said()]],
  ])('%s', (_, present, findings, merged) => {
    expect(mergeConditions(present, findings, ['SystemComponentsHealthy'], clock.now())).toEqual(merged);
  });

  it('does not take away what is not of a former type', () => {
    expect(mergeConditions([former, said()], [finding()], [], clock.now())).toBeUndefined();
  });
});

it.each([
  ['no status', {}, []],
  ['none', { status: {} }, []],
  ['null, as Go may write', { status: { conditions: null } }, []],
  ['some', { status: { conditions: [foreign] } }, [foreign]],
])('conditions of an object: %s', (_, object, conditions) => {
  expect(conditionsOf({ metadata: { name: 'x' }, spec: { type: 'metal' }, ...object } as never)).toEqual(conditions);
});
