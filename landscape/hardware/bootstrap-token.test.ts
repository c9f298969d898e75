import { describe, expect, test } from 'vitest';
import { bootstrapTokensIn, isAccepted } from './bootstrap-token.ts';

describe('bootstrapTokensIn', () => {
  test.each([
    ['a script', 'echo ab12cd.0123456789abcdef > token\n', ['ab12cd']],
    ['Ignition', '{"source":"data:,ab12cd.0123456789abcdef"}', ['ab12cd']],
    ['none', '#!/bin/bash\necho example.com', []],
  ])('of %s', (_, userData, ids) => {
    expect(bootstrapTokensIn(userData).map(({ id }) => id)).toEqual(ids);
  });

  test.each(['<<BOOTSTRAP_TOKEN>>', 'data:,%3C%3CBOOTSTRAP_TOKEN%3E%3E'])('%s is not filled in', (userData) => {
    expect(() => bootstrapTokensIn(userData)).toThrow(/placeholder/);
  });
});

describe('isAccepted', () => {
  const token = { id: 'ab12cd', secret: '0123456789abcdef' };
  const good = {
    'token-id': 'ab12cd',
    'token-secret': '0123456789abcdef',
    'usage-bootstrap-authentication': 'true',
    expiration: '2026-01-02T03:04:05Z',
  };
  const now = Date.parse('2026-01-02T03:04:04Z');

  test.each([
    ['as it must be', {}, true],
    ['without expiration', { expiration: '' }, true],
    ['that has expired', { expiration: '2026-01-02T03:04:04Z' }, false],
    ['of another secret', { 'token-secret': '0123456789abcdee' }, false],
    ['not for authentication', { 'usage-bootstrap-authentication': 'false' }, false],
  ])('a token %s: %j is %s', (_, change, accepted) => {
    const texts = Object.entries({ ...good, ...change });
    const data = Object.fromEntries(texts.map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
    const secret = { metadata: { name: 's' }, type: 'bootstrap.kubernetes.io/token', data };
    expect(isAccepted(token, secret, now)).toBe(accepted);
    expect(isAccepted(token, { ...secret, type: 'Opaque' }, now)).toBe(false);
  });

  test('no Secret', () => expect(isAccepted(token, undefined, now)).toBe(false));
});
