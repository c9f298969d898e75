import { describe, expect, it } from 'vitest';
import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import { createFakeClock } from '../../kube/fake-clock.ts';
import { asksForCheck, isChecked, isNew, smallSubject } from './subject.ts';

const clock = createFakeClock(Date.UTC(2026, 0, 2, 3, 0, 0));

function subject(metadata: Partial<ExtensionObject['metadata']>, type?: string, state = 'Succeeded'): ExtensionObject {
  const lastOperation = type && { type, state, description: 'd', progress: 1, lastUpdateTime: '' };
  return {
    metadata: {
      name: 'n',
      namespace: 'ns',
      uid: 'u',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...metadata,
    },
    spec: { type: 'metal', providerConfig: { much: true } },
    status: { providerStatus: {}, ...(lastOperation ? { lastOperation } : {}) },
  } as ExtensionObject;
}

const asked = (operation: string, timestamp = '1') => ({
  annotations: { 'gardener.cloud/operation': operation, 'gardener.cloud/timestamp': timestamp, other: 'x' },
});

describe('isChecked', () => {
  it.each([
    ['ready', subject({}, 'Reconcile'), true],
    ['not begun', subject({}), false],
    ['being made', subject({}, 'Create', 'Processing'), false],
    ['made', subject({}, 'Create'), true],
    ['not to be made', subject({}, 'Create', 'Error'), true],
    ['being reconciled', subject({}, 'Reconcile', 'Processing'), true],
    ['failing', subject({}, 'Reconcile', 'Error'), true],
    ['asked to reconcile', subject(asked('reconcile'), 'Reconcile'), true],
    ['going', subject({ deletionTimestamp: '2026-01-01T00:00:00Z' }, 'Reconcile'), false],
    ['asked to migrate', subject(asked('migrate'), 'Reconcile'), false],
    ['migrated', subject({}, 'Migrate'), false],
    ['restored', subject({}, 'Restore'), true],
    ['being restored', subject({}, 'Restore', 'Processing'), true],
    ['to be restored', subject(asked('wait-for-state')), false],
  ])('%s', (_, object, expected) => expect(isChecked(object)).toBe(expected));
});

describe('isNew', () => {
  it.each([
    ['not to be made', subject({}, 'Create', 'Error'), true],
    ['being restored', subject({}, 'Restore', 'Processing'), true],
    ['made', subject({}, 'Create'), false],
    ['reconciled without success', subject({}, 'Reconcile', 'Error'), false],
    ['young', subject({ creationTimestamp: '2026-01-02T02:46:00Z' }, 'Reconcile'), true],
    ['not young any more', subject({ creationTimestamp: '2026-01-02T02:45:00Z' }, 'Reconcile'), false],
  ])('%s', (_, object, expected) => expect(isNew(object, clock.now())).toBe(expected));
});

describe('asksForCheck', () => {
  const ready = subject(asked('reconcile'), 'Reconcile');
  it.each([
    ['its own conditions', ready, subject({ ...asked('reconcile'), resourceVersion: '9' }, 'Reconcile'), false],
    ['a success', subject({}, 'Reconcile', 'Processing'), subject({}, 'Reconcile'), false],
    ['the first success', subject({}), subject({}, 'Create'), true],
    ['the first success after a long time', subject({}, 'Create', 'Processing'), subject({}, 'Create'), true],
    ['the first failure', subject({}), subject({}, 'Create', 'Error'), true],
    ['the beginning', subject({}), subject({}, 'Create', 'Processing'), false],
    ['a new request', ready, subject(asked('reconcile', '2'), 'Reconcile'), true],
    [
      'a request that was taken',
      ready,
      subject({ annotations: { 'gardener.cloud/timestamp': '1' } }, 'Reconcile'),
      false,
    ],
    ['a new spec', ready, subject({ ...asked('reconcile'), generation: 2 }, 'Reconcile'), true],
    ['another object of the name', ready, subject({ ...asked('reconcile'), uid: 'v' }, 'Reconcile'), true],
    ['the end of a migration', subject({}, 'Migrate'), subject({}, 'Restore', 'Processing'), true],
    ['the beginning of a deletion', subject({}, 'Create'), subject({ deletionTimestamp: 'x' }, 'Create'), false],
  ])('%s', (_, old, object, expected) => expect(asksForCheck({ type: 'update', old, object })).toBe(expected));
});

it('keeps of an object what decides', () => {
  const object = subject(asked('reconcile'), 'Create', 'Error');
  const small = smallSubject(object);
  expect(small).toMatchObject({
    metadata: {
      name: 'n',
      namespace: 'ns',
      uid: 'u',
      generation: 1,
      ...{ annotations: { 'gardener.cloud/timestamp': '1' } },
    },
    spec: { type: 'metal' },
    status: { lastOperation: { type: 'Create', state: 'Error' }, conditions: [] },
  });
  expect(JSON.stringify(small)).not.toMatch(/other|much|providerStatus|description/);
  expect([isChecked(small), isNew(small, clock.now())]).toEqual([isChecked(object), isNew(object, clock.now())]);
});
