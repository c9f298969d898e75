import { expect, test } from 'vitest';
import { secretOf } from './access.ts';

const buffers = (...fields: string[]) => Object.fromEntries(fields.map((field) => [field, Buffer.from(field)]));

test.each<[string, string[], string[], string[]]>([
  ['the same kind', ['metalAPIHMac', 'userData'], ['metalAPIHMac'], ['metalAPIHMac', 'userData']],
  ['from a key to a token', ['metalAPIHMac', 'userData'], ['metalAPIKey'], ['metalAPIKey', 'userData']],
  ['from a token to a key', ['metalAPIKey', 'userData'], ['metalAPIHMac'], ['metalAPIHMac', 'userData']],
  ['no credentials', ['metalAPIHMac', 'userData'], [], ['metalAPIHMac', 'userData']],
])('credentials win: %s', (_, own, credentials, expected) => {
  expect(Object.keys(secretOf(buffers(...own), buffers(...credentials))).sort()).toEqual(expected);
});
