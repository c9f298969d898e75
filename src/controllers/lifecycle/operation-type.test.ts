import { describe, expect, it } from 'vitest';
import type { ExtensionObject, OperationType } from '../../apis/extensions/extension.ts';
import { asks, extension, lastOperation } from './fixtures.ts';
import { isMigratedAway, operationType } from './operation-type.ts';

const deleting = { deletionTimestamp: '2026-01-02T03:04:05Z' };

describe('operationType', () => {
  const cases: [string, ExtensionObject, OperationType][] = [
    ['new', extension(), 'Create'],
    ['migrate wins over deletion', extension({ metadata: { ...asks('migrate'), ...deleting } }), 'Migrate'],
    ['deletion wins over restore', extension({ metadata: { ...asks('restore'), ...deleting } }), 'Delete'],
    ['restore of a new object', extension({ metadata: asks('restore') }), 'Restore'],
    ['unfinished create', extension({ status: { lastOperation: lastOperation('Create', 'Error') } }), 'Create'],
    ['finished create', extension({ status: { lastOperation: lastOperation('Create', 'Succeeded') } }), 'Reconcile'],
    ['unfinished migrate', extension({ status: { lastOperation: lastOperation('Migrate', 'Processing') } }), 'Migrate'],
    ['finished migrate', extension({ status: { lastOperation: lastOperation('Migrate', 'Succeeded') } }), 'Reconcile'],
    ['unfinished restore', extension({ status: { lastOperation: lastOperation('Restore', 'Error') } }), 'Restore'],
    [
      'unfinished reconcile',
      extension({ status: { lastOperation: lastOperation('Reconcile', 'Error') } }),
      'Reconcile',
    ],
    [
      'deletion of a half-migrated object, annotation gone',
      extension({ metadata: deleting, status: { lastOperation: lastOperation('Migrate', 'Error') } }),
      'Delete',
    ],
  ];
  it.each(cases)('%s', (_, object, type) => expect(operationType(object)).toBe(type));
});

describe('isMigratedAway', () => {
  const away = extension({ status: { lastOperation: lastOperation('Migrate', 'Succeeded') } });
  it.each([
    ['Reconcile', true],
    ['Delete', true],
    ['Migrate', false],
    ['Restore', false],
  ] as const)('%s of an object that has moved: %s', (type, expected) =>
    expect(isMigratedAway(away, type)).toBe(expected),
  );

  it('is false while the migration runs', () =>
    expect(isMigratedAway(extension({ status: { lastOperation: lastOperation('Migrate', 'Error') } }), 'Delete')).toBe(
      false,
    ));
});
