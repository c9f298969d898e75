import { expect, it } from 'vitest';
import type { ExtensionObject, OperationType } from '../../apis/extensions/extension.ts';
import { announcement } from './announce.ts';
import { asks, extension, lastOperation } from './fixtures.ts';

const later = '2026-01-02T03:04:06Z';
const sameSecond = '2026-01-02T03:04:05.9Z';
const ready = { observedGeneration: 1, lastOperation: lastOperation('Reconcile', 'Succeeded') };
const withError = { lastOperation: lastOperation('Create', 'Error'), lastError: { description: 'boom' } };

it.each<[string, ExtensionObject, OperationType, 'reconcile' | undefined, string]>([
  ['first run', extension({ metadata: asks('reconcile', later) }), 'Create', 'reconcile', 'now'],
  [
    'unchanged',
    extension({ metadata: asks('reconcile', later), status: ready }),
    'Reconcile',
    'reconcile',
    'if it takes long',
  ],
  [
    'asked within the second of the last success: gardenlet could take that success for the answer',
    extension({ metadata: asks('reconcile', sameSecond), status: ready }),
    'Reconcile',
    'reconcile',
    'now',
  ],
  ['asked by hand', extension({ metadata: asks('reconcile'), status: ready }), 'Reconcile', 'reconcile', 'now'],
  [
    'changed spec',
    extension({ metadata: { ...asks('reconcile', later), generation: 2 }, status: ready }),
    'Reconcile',
    'reconcile',
    'now',
  ],
  ['retry', extension({ status: withError }), 'Create', undefined, 'said already'],
  ['asked again after an error', extension({ status: withError }), 'Create', 'reconcile', 'now'],
  [
    'killed in processing',
    extension({ status: { lastOperation: lastOperation('Create', 'Processing') } }),
    'Create',
    undefined,
    'said already',
  ],
  ['delete', extension({ metadata: { deletionTimestamp: later }, status: ready }), 'Delete', undefined, 'now'],
])('%s', (_, object, type, requested, expected) => expect(announcement(object, type, requested)).toBe(expected));
