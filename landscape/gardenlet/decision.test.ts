import { describe, expect, test } from 'vitest';
import { shootOperationType, shouldOperate } from './decision.ts';
import type { ShootLastOperation, ShootObject } from './shoot.ts';

type Type = ShootLastOperation['type'];
type State = ShootLastOperation['state'];

function shoot(type?: Type, state: State = 'Succeeded', change: Partial<ShootObject['metadata']> = {}): ShootObject {
  const lastOperation = type && { type, state, description: '', lastUpdateTime: '', progress: 0 };
  return {
    metadata: { name: 'x', generation: 1, finalizers: ['gardener'], ...change },
    spec: { provider: { type: 'metal' }, region: 'fra' },
    ...(lastOperation ? { status: { observedGeneration: 1, lastOperation } } : {}),
  };
}

/** `from`: the seed that it is on; `to`: the one that it is to be on. */
function onSeed(object: ShootObject, from: string | undefined, to: string): ShootObject {
  const status = { ...object.status, ...(from ? { seedName: from } : {}) };
  return { ...object, spec: { ...object.spec, seedName: to }, status };
}

const deleting = { deletionTimestamp: '2026-01-01T00:00:00Z' };

describe('operation type', () => {
  test.each<[string, ShootObject, Type]>([
    ['new', shoot(), 'Create'],
    ['creation that did not succeed', shoot('Create', 'Error'), 'Create'],
    ['creation that failed', shoot('Create', 'Failed'), 'Create'],
    ['created', shoot('Create'), 'Reconcile'],
    ['restoration that did not succeed', shoot('Restore', 'Processing'), 'Restore'],
    ['bound to another seed', onSeed(shoot('Create'), 'old', 'new'), 'Migrate'],
    ['bound to another seed, and back', onSeed(shoot('Migrate', 'Processing'), 'old', 'old'), 'Reconcile'],
    ['let go of by the other seed', onSeed(shoot('Migrate'), undefined, 'new'), 'Restore'],
    ['deletion wins', shoot('Create', 'Error', deleting), 'Delete'],
    ['deletion wins over a move', onSeed(shoot('Create', 'Error', deleting), 'old', 'new'), 'Delete'],
  ])('%s', (_name, object, expected) => expect(shootOperationType(object)).toBe(expected));
});

describe('shouldOperate', () => {
  test.each<[string, ShootObject, boolean]>([
    ['new', shoot(), true],
    ['interrupted', shoot('Create', 'Processing'), true],
    ['up to date', shoot('Create'), false],
    ['spec changed', shoot('Create', 'Succeeded', { generation: 2 }), true],
    ['failed', shoot('Create', 'Failed'), false],
    ['failed, then changed or told to retry', shoot('Create', 'Failed', { generation: 2 }), true],
    ['ignored', shoot('Create', 'Error', { annotations: { 'shoot.gardener.cloud/ignore': 'true' } }), false],
    ['deleted', shoot('Create', 'Succeeded', deleting), true],
    ['deleted, finalizer gone', shoot('Delete', 'Succeeded', { ...deleting, finalizers: ['other'] }), false],
    ['deletion failed', shoot('Delete', 'Failed', deleting), false],
  ])('%s', (_name, object, expected) => expect(shouldOperate(object)).toBe(expected));
});
