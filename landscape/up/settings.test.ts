import { expect, test } from 'vitest';
import { readSettings } from './settings.ts';

test.each([
  [{}, { once: false, json: false, timeoutMs: 180_000 }],
  [
    { ONCE: '1', OUTPUT: 'json', TIMEOUT: '7' },
    { once: true, json: true, timeoutMs: 7_000 },
  ],
  [
    { ONCE: '0', OUTPUT: 'text' },
    { once: false, json: false, timeoutMs: 180_000 },
  ],
  [{ ONCE: 'False' }, { once: false, json: false, timeoutMs: 180_000 }],
])('%j', (env, expected) => expect(readSettings(env)).toEqual(expected));

test.each([
  [{ OUTPUT: 'yaml' }, /OUTPUT is "yaml".*text and json/],
  [{ TIMEOUT: 'soon' }, /TIMEOUT is "soon"/],
  [{ TIMEOUT: '-1' }, /TIMEOUT/],
])('%j is refused', (env, message) => expect(() => readSettings(env)).toThrow(message));
