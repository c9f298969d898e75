import { expect, test } from 'vitest';
import type { FieldError } from '../../providers/admission.ts';
import { answer, messageOf } from './answer.ts';

const error = (type: FieldError['type'], value?: unknown): FieldError => ({
  type,
  field: 'spec.a[0]',
  value,
  detail: 'why',
});

test.each([
  [error('Required', 'x'), 'spec.a[0]: Required value: why'],
  [error('Forbidden', 'x'), 'spec.a[0]: Forbidden: why'],
  [error('Invalid', 'x'), 'spec.a[0]: Invalid value: "x": why'],
  [error('Invalid'), 'spec.a[0]: Invalid value: why'],
  [error('Invalid', null), 'spec.a[0]: Invalid value: null: why'],
  [error('NotSupported', ['x', 1]), 'spec.a[0]: Unsupported value: ["x",1]: why'],
  [error('Duplicate', { a: 1 }), 'spec.a[0]: Duplicate value: {"a":1}: why'],
  [error('TooMany', 9), 'spec.a[0]: Too many: 9: why'],
  [error('TooLong', 'x'.repeat(1000)), 'spec.a[0]: Too long: why'],
  [{ ...error('Invalid', 'x'), detail: '' }, 'spec.a[0]: Invalid value: "x"'],
])('%j', (one, text) => {
  expect(messageOf([one])).toBe(text);
});

test('a long value is cut', () => {
  expect(messageOf([error('Invalid', 'x'.repeat(1000))])).toBe(`spec.a[0]: Invalid value: "${'x'.repeat(99)}…: why`);
});

test('several errors are a list', () => {
  expect(messageOf([error('Required'), error('Forbidden')])).toBe(
    '2 errors:\n- spec.a[0]: Required value: why\n- spec.a[0]: Forbidden: why',
  );
});

test('warnings are given in any case', () => {
  expect(answer({ errors: [], warnings: [] })).toEqual({ allowed: true });
  expect(answer({ errors: [], warnings: ['old'] })).toEqual({ allowed: true, warnings: ['old'] });
  expect(answer({ errors: [error('Required')], warnings: ['old'] })).toMatchObject({ code: 422, warnings: ['old'] });
});
