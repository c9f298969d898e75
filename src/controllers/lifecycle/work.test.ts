import { describe, expect, it } from 'vitest';
import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import type { InformerEvent } from '../../kube/lister.ts';
import { asked, asks, extension, lastOperation } from './fixtures.ts';
import { isServed, needsWork, wakesUp } from './work.ts';

const succeeded = { lastOperation: lastOperation('Reconcile', 'Succeeded') };
const unfinished = { lastOperation: { ...succeeded.lastOperation, progress: 99 } };
const deleting = { deletionTimestamp: '2026-01-02T03:04:05Z' };

describe('needsWork', () => {
  const cases: [string, ExtensionObject, boolean][] = [
    ['new', extension(), true],
    ['succeeded', extension({ status: succeeded }), false],
    [
      'succeeded, spec changed',
      extension({ metadata: { generation: 2 }, status: { ...succeeded, observedGeneration: 1 } }),
      false,
    ],
    ['asked to reconcile', extension({ metadata: asks('reconcile'), status: succeeded }), true],
    ['asked to restore', extension({ metadata: asks('restore') }), true],
    ['asked to wait', extension({ metadata: asks('wait-for-state') }), false],
    ['asked to wait while deleting', extension({ metadata: { ...asks('wait-for-state'), ...deleting } }), false],
    ['asked for something unknown', extension({ metadata: asks('dance'), status: succeeded }), false],
    ['deleting', extension({ metadata: deleting, status: succeeded }), true],
    ['error', extension({ status: { lastOperation: lastOperation('Reconcile', 'Error') } }), true],
    ['killed in processing', extension({ status: { lastOperation: lastOperation('Create', 'Processing') } }), true],
    [
      'killed between taking a request and saying so',
      extension({ metadata: asked('2026-01-02T03:04:06.5Z'), status: succeeded }),
      true,
    ],
    [
      'request of the same second was answered',
      extension({ metadata: asked('2026-01-02T03:04:05.9Z'), status: succeeded }),
      false,
    ],
    ['succeeded, with something left for later', extension({ status: unfinished }), true],
    ['unreadable timestamp', extension({ metadata: asked('soon'), status: succeeded }), false],
    [
      'moved to another seed',
      extension({
        metadata: asked('2026-01-03T00:00:00Z'),
        status: { lastOperation: lastOperation('Migrate', 'Succeeded') },
      }),
      false,
    ],
  ];
  it.each(cases)('%s', (_, object, expected) => expect(needsWork(object)).toBe(expected));
});

describe('wakesUp', () => {
  const ready = extension({ status: succeeded });
  const update = (old: ExtensionObject, object: ExtensionObject): InformerEvent<ExtensionObject> => ({
    type: 'update',
    old,
    object,
  });
  const add = (object: ExtensionObject): InformerEvent<ExtensionObject> => ({ type: 'add', object, initial: true });
  const changedStatus = { lastOperation: lastOperation('Delete', 'Processing') };
  const cases: [string, InformerEvent<ExtensionObject>, boolean, boolean][] = [
    ['first list, ready', add(ready), false, false],
    ['first list, unfinished', add(extension()), false, true],
    ['first list, ready but for something', add(extension({ status: unfinished })), false, true],
    ['gone', { type: 'delete', object: extension() }, false, false],
    ['spec changed', update(ready, extension({ metadata: { generation: 2 }, status: succeeded })), false, false],
    [
      'spec changed, annotation ignored',
      update(ready, extension({ metadata: { generation: 2 }, status: succeeded })),
      true,
      true,
    ],
    ['annotated', update(ready, extension({ metadata: asks('reconcile'), status: succeeded })), false, true],
    ['told to wait', update(ready, extension({ metadata: asks('wait-for-state'), status: succeeded })), false, false],
    ['own status write', update(ready, extension({ status: changedStatus })), false, false],
    ['deleted', update(ready, extension({ metadata: deleting, status: succeeded })), false, true],
    [
      'deleted, status written in between',
      update(ready, extension({ metadata: deleting, status: changedStatus })),
      false,
      true,
    ],
    [
      'own status write while deleting',
      update(
        extension({ metadata: deleting, status: succeeded }),
        extension({ metadata: deleting, status: changedStatus }),
      ),
      false,
      false,
    ],
    [
      'refreshed timestamp while deleting',
      update(
        extension({ metadata: deleting, status: succeeded }),
        extension({ metadata: { ...deleting, ...asked('2026-01-03T00:00:00Z') }, status: succeeded }),
      ),
      false,
      true,
    ],
  ];
  it.each(cases)('%s', (_, event, ignore, expected) => expect(wakesUp(event, ignore)).toBe(expected));
});

describe('isServed', () => {
  it.each([
    [{ type: 'metal' }, ['shoot'], true],
    [{ type: 'metal', class: 'shoot' }, ['shoot'], true],
    [{ type: 'metal', class: 'seed' }, ['shoot'], false],
    [{ type: 'metal', class: 'seed' }, ['shoot', 'seed'], true],
    [{ type: 'metal' }, ['seed'], false],
    [{ type: 'local' }, ['shoot'], false],
  ] as const)('%o for classes %o: %s', (spec, classes, expected) =>
    expect(isServed(extension({ spec }), 'metal', classes)).toBe(expected),
  );
});
