import { describe, expect, it } from 'vitest';
import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import { asked, asks, extension } from './fixtures.ts';
import { isSuperseded } from './superseded.ts';

const at = (second: string) => asked(`2026-01-02T03:04:${second}Z`);
const deleting = { deletionTimestamp: '2026-01-02T03:04:05Z' };

describe('isSuperseded', () => {
  const started = extension({ metadata: at('05') });
  const cases: [string, ExtensionObject | undefined, boolean][] = [
    ['unchanged', extension({ metadata: at('05') }), false],
    ['other status and spec', extension({ metadata: { ...at('05'), generation: 7 }, status: {} }), false],
    ['asked again', extension({ metadata: at('06') }), true],
    ['asked for something', extension({ metadata: asks('migrate', '2026-01-02T03:04:05Z') }), true],
    ['deleted', extension({ metadata: { ...at('05'), ...deleting } }), true],
    ['gone', undefined, true],
    ['another object of the same name', extension({ metadata: { ...at('05'), uid: 'other' } }), true],
  ];
  it.each(cases)('%s: %#', (_, current, expected) => {
    const withUid = (object: ExtensionObject): ExtensionObject => ({
      ...object,
      metadata: { uid: 'own', ...object.metadata },
    });
    expect(isSuperseded(withUid(started), current && withUid(current))).toBe(expected);
  });

  it('is not so when the run has taken its request away, but when it is made again', () => {
    const own = (metadata: Partial<ExtensionObject['metadata']>) =>
      extension({ metadata: { uid: 'own', ...metadata } });
    const request = own(asks('reconcile', '2026-01-02T03:04:05Z'));
    expect(isSuperseded(request, own(at('05')))).toBe(false);
    expect(isSuperseded(own(at('05')), request)).toBe(true);
    expect(isSuperseded(request, own(asks('reconcile', '2026-01-02T03:04:06Z')))).toBe(true);
  });

  it('is not so for a deletion that goes on', () => {
    const object = extension({ metadata: { ...at('05'), ...deleting } });
    expect(isSuperseded(object, object)).toBe(false);
  });
});
