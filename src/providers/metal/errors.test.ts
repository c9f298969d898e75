import { expect, test } from 'vitest';
import { type ErrorCode, OperationError } from '../errors.ts';
import { toOperationError } from './errors.ts';
import { MetalApiError, type MetalApiErrorKind } from './metal-api/errors.ts';

const NON_RETRYABLE: readonly ErrorCode[] = [
  'ERR_INFRA_UNAUTHENTICATED',
  'ERR_INFRA_UNAUTHORIZED',
  'ERR_INFRA_DEPENDENCIES',
  'ERR_INFRA_QUOTA_EXCEEDED',
  'ERR_INFRA_RATE_LIMITS_EXCEEDED',
  'ERR_CONFIGURATION_PROBLEM',
  'ERR_PROBLEMATIC_WEBHOOK',
];

const mapped = (kind: MetalApiErrorKind, text = 'text') =>
  toOperationError(new MetalApiError(kind, 'findIPs', text, { status: 400, retryAfterMs: 3_000 })) as OperationError;

test.each<[MetalApiErrorKind, ErrorCode]>([
  ['unauthenticated', 'ERR_INFRA_UNAUTHENTICATED'],
  ['forbidden', 'ERR_INFRA_UNAUTHORIZED'],
  ['quota-exceeded', 'ERR_INFRA_QUOTA_EXCEEDED'],
  ['exhausted', 'ERR_INFRA_RESOURCES_DEPLETED'],
])('%s is %s', (kind, code) => {
  expect(mapped(kind).codes).toEqual([code]);
});

test.each<MetalApiErrorKind>([
  'unavailable',
  'timeout',
  'outcome-unknown',
  'conflict',
  'rate-limited',
  'bad-answer',
  'invalid',
  'not-found',
])('%s does not make Gardener give up', (kind) => {
  expect(mapped(kind).codes.filter((code) => NON_RETRYABLE.includes(code))).toEqual([]);
});

test('a family that the partition lacks is a configuration problem', () => {
  const error = mapped('invalid', 'there is no prefix for the given addressfamily:IPv6 present in network:x');
  expect(error.codes).toEqual(['ERR_CONFIGURATION_PROBLEM']);
  expect(error.message).toMatch(/ipFamilies/);
});

test('the message says what was called, what metal-api said and what to do; the wait is kept', () => {
  const error = mapped('unauthenticated', 'Wrong HMAC found');
  expect(error.message).toMatch(/^metal-api findIPs: Wrong HMAC found \(400\)\. Check metalAPIHMac .*clock/);
  expect(error.retryAfterMs).toBe(3_000);
});

test('any other error passes unchanged', () => {
  const error = new Error('x');
  expect(toOperationError(error)).toBe(error);
  const operation = new OperationError('y');
  expect(toOperationError(operation)).toBe(operation);
});
