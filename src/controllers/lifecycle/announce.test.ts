import { expect, it } from 'vitest';
import type { ExtensionObject, OperationType } from '../../apis/extensions/extension.ts';
import type { RequestedOperation } from './annotations.ts';
import { announcement } from './announce.ts';
import { asked, asks, extension, lastOperation } from './fixtures.ts';

const later = '2026-01-02T03:04:06Z';
const sameSecond = '2026-01-02T03:04:05.9Z';
const ready = { observedGeneration: 1, lastOperation: lastOperation('Reconcile', 'Succeeded') };
const processing = { lastOperation: lastOperation('Create', 'Processing') };
const withError = { lastOperation: lastOperation('Create', 'Error'), lastError: { description: 'boom' } };

it.each<[string, ExtensionObject, OperationType, RequestedOperation | undefined, string]>([
  ['new', extension({ metadata: asked(later) }), 'Create', 'reconcile', 'if it takes long'],
  ['ready', extension({ metadata: asked(later), status: ready }), 'Reconcile', 'reconcile', 'if it takes long'],
  [
    'asked within the second of the last success',
    extension({ metadata: asked(sameSecond), status: ready }),
    'Reconcile',
    'reconcile',
    'now',
  ],
  ['asked by hand', extension({ status: ready }), 'Reconcile', 'reconcile', 'now'],
  [
    'asked by hand, changed spec',
    extension({ metadata: { generation: 2 }, status: ready }),
    'Reconcile',
    'reconcile',
    'now',
  ],
  [
    'asked to restore',
    extension({ metadata: asks('restore'), status: ready }),
    'Restore',
    'restore',
    'if it takes long',
  ],
  ['retry', extension({ status: withError }), 'Create', undefined, 'said already'],
  ['asked again after an error', extension({ status: withError }), 'Create', 'reconcile', 'if it takes long'],
  ['killed in processing', extension({ status: processing }), 'Create', undefined, 'said already'],
  [
    'deleted while processing',
    extension({ metadata: { deletionTimestamp: later }, status: processing }),
    'Delete',
    undefined,
    'if it takes long',
  ],
])('%s', (_, object, type, requested, expected) => expect(announcement(object, type, requested)).toBe(expected));
