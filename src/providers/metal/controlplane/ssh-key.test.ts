import { expect, test } from 'vitest';
import { newestSshKey } from './ssh-key.ts';

const pair = (name: string, issuedAt?: string, key: string | undefined = `ssh-rsa ${name}\n`) => ({
  metadata: { name, ...(issuedAt === undefined ? {} : { labels: { 'issued-at-time': issuedAt } }) },
  data: key ? { 'id_rsa.pub': Buffer.from(key).toString('base64') } : {},
});

test.each([
  ['the only one', [pair('a', '1700000000')], 'a'],
  ['the newest of a rotation', [pair('a', '1700000000'), pair('b', '1700000001'), pair('c', '999')], 'b'],
  ['one without a time counts as old', [pair('a'), pair('b', '1')], 'b'],
  ['nor one whose time is no number', [pair('a', 'x'), pair('b', '1')], 'b'],
])('%s', (_, found, name) => {
  expect(newestSshKey(found)).toEqual({ publicKey: `ssh-rsa ${name}\n`, secretName: name });
});

test('none: there is no SSH access', () => {
  expect(newestSshKey([])).toBeUndefined();
  expect(newestSshKey([pair('a', '1', '')])).toBeUndefined();
});
