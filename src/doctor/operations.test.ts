import { expect, test } from 'vitest';
import { ago, hour, minute, now, snapshotOf, workerOf } from './fixtures.ts';
import { operationFindings } from './operations.ts';

const last = (state: string, age = minute) => ({
  lastOperation: { type: 'Reconcile', state, progress: 1, description: 'doing', lastUpdateTime: ago(age) },
});
const asked = (operation: string, age: number) => ({
  annotations: { 'gardener.cloud/operation': operation, 'gardener.cloud/timestamp': ago(age) },
});
const condition = (status: string) => ({
  conditions: [{ type: 'EveryNodeReady', status, reason: 'x', message: 'node a', lastTransitionTime: '' }],
});

test.each<[string, ReturnType<typeof workerOf>, string[]]>([
  ['all is well', workerOf(), []],
  [
    'an error',
    workerOf({ ...last('Error'), lastError: { description: 'no', codes: ['A'] } }),
    ['error OperationFailed no (A)'],
  ],
  ['given up', workerOf(last('Failed')), ['error OperationFailed doing']],
  ['under way', workerOf(last('Processing')), []],
  [
    'under way for long',
    workerOf(last('Processing', hour)),
    ['warning OperationStalled doing: for 60 min nothing more was told'],
  ],
  ['just asked', workerOf({}, asked('reconcile', minute)), []],
  [
    'asked long ago',
    workerOf({}, asked('migrate', hour)),
    ['error OperationNotTaken was asked to migrate 60 min ago, and nobody has begun'],
  ],
  ['waiting for its state', workerOf({}, asked('wait-for-state', hour)), []],
  ['a bad condition', workerOf(condition('False')), ['error ConditionEveryNodeReady EveryNodeReady is False: node a']],
  [
    'an unknown condition',
    workerOf(condition('Unknown')),
    ['warning ConditionEveryNodeReady EveryNodeReady is Unknown: node a'],
  ],
  ['a condition on its way', workerOf(condition('Progressing')), []],
])('%s', (_, worker, expected) => {
  const found = operationFindings(snapshotOf({ worker }), now);
  expect(found.map(({ severity, kind, message }) => `${severity} ${kind} ${message}`)).toEqual(expected);
  expect(found.every(({ object }) => object === 'Worker a')).toBe(true);
});
