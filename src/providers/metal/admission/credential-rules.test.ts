import { expect, test } from 'vitest';
import { credentialsOf } from '../credentials.ts';
import { reviewCredentials } from './credential-rules.ts';
import { faults } from './fixtures.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const SECRET = 'top-secret';

test.each<[unknown, string[]]>([
  [{ metalAPIHMac: base64(SECRET) }, []],
  [{ metalAPIKey: base64(SECRET) }, []],
  [{ metalAPIHMac: base64(SECRET), metalAPIKey: '' }, []],
  [{ metalAPIHMac: base64(`${SECRET}\n`) }, []],
  [{ metalAPIHMac: base64(SECRET), metalAPIKey: base64(SECRET) }, ['Forbidden data']],
  [undefined, ['Required data']],
  [null, ['Required data']],
  ['text', ['Required data']],
  [{}, ['Required data']],
  [{ metalAPIURL: base64('http://x') }, ['Required data']],
  [{ metalAPIHMac: '', metalAPIKey: null }, ['Required data']],
  [{ metalAPIHMac: SECRET }, ['Invalid data[metalAPIHMac]']],
  [{ metalAPIHMac: 7 }, ['Invalid data[metalAPIHMac]']],
  [{ metalAPIHMac: base64(' \n') }, ['Invalid data[metalAPIHMac]']],
  [{ metalAPIKey: base64(`${SECRET}\n`) }, ['Invalid data[metalAPIKey]']],
  [
    { metalAPIKey: base64('\n'), metalAPIHMac: '%' },
    ['Forbidden data', 'Invalid data[metalAPIHMac]', 'Invalid data[metalAPIKey]'],
  ],
])('%j', (data, expected) => {
  const findings = reviewCredentials(data);
  expect(faults(findings)).toEqual(expected);
  expect(JSON.stringify(findings)).not.toMatch(new RegExp(`${SECRET}|${base64(SECRET).slice(0, 8)}`));
});

test('white space around an HMAC key is warned about, since it counts', () => {
  expect(reviewCredentials({ metalAPIHMac: base64(`${SECRET}\n`) }).warnings).toHaveLength(1);
});

test.each([{ metalAPIHMac: base64(SECRET) }, { metalAPIKey: base64(SECRET) }, { metalAPIHMac: base64('a\n') }])(
  'what passes, controllers can use: %j',
  (data) => {
    expect(reviewCredentials(data).errors).toEqual([]);
    expect(() => credentialsOf({ metadata: { name: 'x' }, data }, 'ns/x')).not.toThrow();
  },
);
