import { expect, it } from 'vitest';
import type { ExtensionObject, OperationType } from '../../apis/extensions/extension.ts';
import type { RequestedOperation } from './annotations.ts';
import { isSaid } from './announce.ts';
import { extension, lastOperation } from './fixtures.ts';

const ready = { observedGeneration: 1, lastOperation: lastOperation('Reconcile', 'Succeeded') };
const processing = { lastOperation: lastOperation('Create', 'Processing') };
const withError = { lastOperation: lastOperation('Create', 'Error'), lastError: { description: 'boom' } };
const deletionTimestamp = '2026-01-02T03:04:06Z';

it.each<[string, ExtensionObject, OperationType, RequestedOperation | undefined, boolean]>([
  ['new', extension(), 'Create', 'reconcile', false],
  ['ready', extension({ status: ready }), 'Reconcile', 'reconcile', false],
  ['retry', extension({ status: withError }), 'Create', undefined, true],
  ['asked again after an error', extension({ status: withError }), 'Create', 'reconcile', false],
  ['killed in processing', extension({ status: processing }), 'Create', undefined, true],
  [
    'deleted in processing',
    extension({ metadata: { deletionTimestamp }, status: processing }),
    'Delete',
    undefined,
    false,
  ],
])('%s: %s', (_, object, type, requested, expected) => expect(isSaid(object, type, requested)).toBe(expected));
