import { expect, test } from 'vitest';
import { seedApiUrlOf } from './seed-api.ts';

test.each([
  [undefined, 'api.seed.example.com', 'https://api.seed.example.com'],
  ['https://203.0.113.1:443', 'api.seed.example.com', 'https://203.0.113.1:443'],
  ['https://[2001:db8::1]', '10.0.0.1', 'https://[2001:db8::1]'],
  ['https://api.example.com', undefined, 'https://api.example.com'],
])('%s, %s', (override, host, expected) => {
  expect(seedApiUrlOf(override, host)).toBe(expected);
});

test.each([
  [undefined, '10.0.0.1', /its address 10\.0\.0\.1 only/],
  [undefined, '2001:db8::1', /its address 2001:db8::1 only/],
  [undefined, undefined, /no KUBERNETES_SERVICE_HOST/],
  ['', 'api.seed.example.com', /"" is not an https URL/],
  ['api.example.com', 'api.seed.example.com', /is not an https URL/],
])('%s, %s: says what to set', (override, host, message) => {
  expect(() => seedApiUrlOf(override, host)).toThrow(message);
  expect(() => seedApiUrlOf(override, host)).toThrow(
    expect.objectContaining({
      codes: ['ERR_RETRYABLE_CONFIGURATION_PROBLEM'],
      message: expect.stringMatching(/ConfigMap garden\/seed-api-server/),
    }),
  );
});
