import { describe, expect, test } from 'vitest';
import { apiErrorOf } from './answer.ts';

const answer = (code: number, body: unknown, contentType = 'application/json') => ({
  code,
  contentType,
  retryAfter: undefined,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('apiErrorOf', () => {
  test('takes the Status', () => {
    const error = apiErrorOf(
      answer(409, { kind: 'Status', reason: 'Conflict', message: 'changed' }),
      'replace x a/b',
      false,
    );
    expect(error).toMatchObject({ code: 409, reason: 'Conflict', message: 'replace x a/b: changed (409)' });
  });

  test.each([
    ['a plain text', answer(404, '404 page not found\n', 'text/plain; charset=utf-8'), '404 page not found'],
    ['a page', answer(502, '<html>secret</html>', 'text/html'), 'the answer is not a Status'],
    ['broken JSON', answer(500, '{"kind":"Sta'), 'the answer is not a Status'],
    ['null', answer(500, 'null'), 'the answer is not a Status'],
    ['something else', answer(500, { kind: 'Secret', message: 'hidden' }), 'the answer is not a Status'],
  ])('copes with %s', (_, given, message) => {
    expect(apiErrorOf(given, 'get x', false).message).toBe(`get x: ${message} (${given.code})`);
  });

  test.each([
    [{ ...answer(429, {}), retryAfter: '3' }, 3_000],
    [answer(429, { kind: 'Status', details: { retryAfterSeconds: 2 } }), 2_000],
    [{ ...answer(503, {}), retryAfter: 'Fri, 31 Dec 1999 23:59:59 GMT' }, undefined],
  ])('reads when to try again', (given, expected) => {
    expect(apiErrorOf(given, 'get x', false).retryAfterMs).toBe(expected);
  });

  test('does not repeat what was sent in a Secret', () => {
    const status = {
      kind: 'Status',
      reason: 'Invalid',
      message: 'Secret "a" is invalid: data[k]: Invalid value: "hunter2"',
      details: { causes: [{ reason: 'FieldValueInvalid', field: 'data[k]', message: 'Invalid value: "hunter2"' }] },
    };
    const error = apiErrorOf(answer(422, status), 'create secrets a/b', true);
    expect(error.message).toBe('create secrets a/b: Invalid: data[k] (FieldValueInvalid) (422)');
    expect(JSON.stringify(error.status)).not.toContain('hunter2');
  });
});
