import { describe, expect, test } from 'vitest';
import { changesOfEvent, changesOfState, missingFrom } from './changes.ts';
import type { KubeObject } from './object.ts';

const object = (name: string, uid: string, resourceVersion: string): KubeObject => ({
  metadata: { name, uid, resourceVersion },
});
const known = (...objects: KubeObject[]) => {
  const map = new Map(objects.map((each) => [each.metadata.name, each]));
  return (key: string) => map.get(key);
};

describe('changes', () => {
  const old = object('a', 'u1', '5');

  test.each([
    ['unknown', known(), object('a', 'u1', '5'), ['add']],
    ['newer', known(old), object('a', 'u1', '6'), ['update']],
    ['older, after a restored etcd', known(old), object('a', 'u1', '4'), ['update']],
    ['the same', known(old), object('a', 'u1', '5'), []],
    ['another of the same name', known(old), object('a', 'u2', '9'), ['delete', 'add']],
  ])('a state that is %s', (_, lookup, state, types) => {
    expect(changesOfState(lookup, state).map((event) => event.type)).toEqual(types);
  });

  test('the deletion of a predecessor is told with its own last state', () => {
    expect(changesOfState(known(old), object('a', 'u2', '9'))[0]).toEqual({ type: 'delete', object: old });
  });

  test.each([
    ['ADDED', known(), ['add']],
    ['ADDED', known(old), ['update']],
    ['MODIFIED', known(), ['add']],
    ['DELETED', known(old), ['delete']],
    ['DELETED', known(), []],
    ['DELETED', known(object('a', 'u2', '9')), []],
  ] as const)('event %s', (type, lookup, types) => {
    const event = { type, object: object('a', 'u1', '7') };
    expect(changesOfEvent(lookup, event).map((each) => each.type)).toEqual(types);
  });

  test('a complete list tells deletions by what it lacks', () => {
    const lookup = known(old, object('b', 'u3', '1'));
    expect(missingFrom([object('b', 'u3', '2')], ['a', 'b'], lookup)).toEqual([{ type: 'delete', object: old }]);
  });
});
