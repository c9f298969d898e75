import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { systemClock } from '../../../kube/clock.ts';
import { authHeaders, fingerprint, secureRandomInt } from './auth.ts';

const clock = { ...systemClock, now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 999) };

test('an HMAC covers date, method and salt, with the bytes of the key as they are', () => {
  const key = 'k\u00e9y with spaces\n';
  const headers = authHeaders({ hmac: key }, 'POST', { clock, random: () => 0 });
  const salt = 'A'.repeat(24);
  const signature = createHmac('sha256', Buffer.from(key)).update(`2026-01-02T03:04:05ZPOST${salt}`).digest('hex');
  expect(headers).toEqual({
    authorization: `Metal-Admin ${signature}`,
    'x-date': '2026-01-02T03:04:05Z',
    'x-data-salt': salt,
  });
});

test('the user of the key can be another', () => {
  const { authorization } = authHeaders({ hmac: 'k', hmacAuthType: 'Metal-Edit' }, 'GET', { clock, random: () => 1 });
  expect(authorization).toMatch(/^Metal-Edit [0-9a-f]{64}$/);
});

test('each signature has a salt of its own', () => {
  const salts = [1, 2].map(() => authHeaders({ hmac: 'k' }, 'GET', { clock, random: secureRandomInt })['x-data-salt']);
  expect(salts[0]).toMatch(/^[A-Za-z]{24}$/);
  expect(salts[0]).not.toBe(salts[1]);
});

test('a token is sent as it is', () => {
  expect(authHeaders({ token: 't' }, 'GET', { clock, random: () => 0 })).toEqual({ authorization: 'Bearer t' });
});

test('fingerprints differ by credential and do not contain it', () => {
  const prints = [{ hmac: 'same' }, { token: 'same' }, { hmac: 'same', hmacAuthType: 'Metal-Edit' }].map(fingerprint);
  expect(new Set(prints).size).toBe(3);
  expect(prints.join()).not.toContain('same');
});
