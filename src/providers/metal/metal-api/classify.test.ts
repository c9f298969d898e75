import { describe, expect, test } from 'vitest';
import { classify, neverSent } from './classify.ts';

describe('classify', () => {
  test.each([
    [401, 'no', 'unauthenticated'],
    [403, 'Wrong HMAC found', 'unauthenticated'],
    [403, 'the timestamp in your header is too old: "2026-01-01T00:00:00Z"', 'unauthenticated'],
    [403, 'tenant guest not allowed', 'unauthenticated'],
    [403, 'tenant acme not allowed', 'forbidden'],
    [403, 'you are not member in one of [maas-all-all-edit]', 'forbidden'],
    [404, 'NotFound no network with id "x" found', 'not-found'],
    [409, 'Conflict', 'conflict'],
    [422, 'prefix 10.0.0.0/22 has ips, deletion not possible', 'conflict'],
    [500, 'Internal prefix 10.0.0.0/22 has ips, delete prefix not possible', 'conflict'],
    [422, 'cannot release child prefix because IPs in the prefix are still in use: 3', 'conflict'],
    [422, 'project quota for machines reached max:3', 'quota-exceeded'],
    [500, 'Internal cannot allocate free ip in ipam, no ips left', 'exhausted'],
    [500, 'Internal unable to find child prefix: no prefix found in 10.0.0.0/12 with length:22', 'exhausted'],
    [422, 'unable to find machine:no machine available', 'exhausted'],
    [422, 'too many parallel machine allocations taking place, try again later', 'rate-limited'],
    [400, 'no supernetwork found', 'invalid'],
    [400, 'there is no prefix for the given addressfamily:IPv6 present in network:x', 'invalid'],
    [422, 'whatever', 'invalid'],
    [429, 'slow down', 'rate-limited'],
    [500, 'Internal rethinkdb', 'unavailable'],
    [503, 'Service Unavailable: still in use', 'unavailable'],
  ] as const)('%i %s is %s', (status, text, kind) => {
    expect(classify(status, text)).toBe(kind);
  });

  test.each([401, 403, 404, 502])(
    '%i of something that is not metal-api says only that it is unavailable',
    (status) => {
      expect(classify(status, '<html>denied</html>', false)).toBe('unavailable');
    },
  );
});

test.each([
  [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), true],
  [Object.assign(new Error('x'), { code: 'ECONNRESET' }), false],
  [Object.assign(new Error('x'), { code: 'CONNECT_TIMEOUT' }), true],
  [new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]), true],
  [new AggregateError([]), false],
  [undefined, false],
])('neverSent %#', (error, expected) => {
  expect(neverSent(error)).toBe(expected);
});
