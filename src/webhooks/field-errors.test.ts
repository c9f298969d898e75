import { describe, expect, it } from 'vitest';
import type { FieldError } from '../providers/admission.ts';
import { causesOf, describeErrors, refusal } from './field-errors.ts';

const long = 'x'.repeat(150);

describe('describeErrors', () => {
  it.each<[string, FieldError]>([
    ['a: Required value: say it', { type: 'Required', field: 'a', value: '', detail: 'say it' }],
    ['a: Invalid value: "x": odd', { type: 'Invalid', field: 'a', value: 'x', detail: 'odd' }],
    ['a: Invalid value: "say \\"x\\"": odd', { type: 'Invalid', field: 'a', value: 'say "x"', detail: 'odd' }],
    ['a: Invalid value: 7: odd', { type: 'Invalid', field: 'a', value: 7, detail: 'odd' }],
    ['a: Invalid value: null: odd', { type: 'Invalid', field: 'a', value: null, detail: 'odd' }],
    ['a: Invalid value: {"b":[1]}: odd', { type: 'Invalid', field: 'a', value: { b: [1] }, detail: 'odd' }],
    ['a: Invalid value: odd', { type: 'Invalid', field: 'a', detail: 'odd' }],
    [`a: Invalid value: "${'x'.repeat(100)}...": odd`, { type: 'Invalid', field: 'a', value: long, detail: 'odd' }],
    [
      'a: Unsupported value: "x": supported values: "b", "c"',
      { type: 'NotSupported', field: 'a', value: 'x', detail: 'supported values: "b", "c"' },
    ],
    ['a: Forbidden: no', { type: 'Forbidden', field: 'a', value: 'x', detail: 'no' }],
    ['a: Duplicate value: "x"', { type: 'Duplicate', field: 'a', value: 'x', detail: '' }],
    [
      'a: Too many: 5: must have at most 3 items',
      { type: 'TooMany', field: 'a', value: 5, detail: 'must have at most 3 items' },
    ],
    ['a: Too long: at most 3', { type: 'TooLong', field: 'a', value: long, detail: 'at most 3' }],
  ])('%s', (text, error) => expect(describeErrors([error])).toBe(text));

  const forbidden = (field: string): FieldError => ({ type: 'Forbidden', field, detail: 'no' });

  it('joins several', () =>
    expect(describeErrors([forbidden('a'), forbidden('b')])).toBe('[a: Forbidden: no, b: Forbidden: no]'));

  it('counts what nobody would read', () => {
    const errors = Array.from({ length: 103 }, (_, index) => forbidden(`a[${index}]`));
    expect(describeErrors(errors)).toMatch(/a\[99\]: Forbidden: no, and 3 more\]$/);
    expect(causesOf(errors)).toHaveLength(100);
  });
});

describe('refusal', () => {
  it('allows when there is nothing to refuse', () =>
    expect(refusal([], ['old'])).toEqual({ allowed: true, warnings: ['old'] }));

  it('names what else is at fault', () =>
    expect(refusal([{ type: 'Required', field: 'data.a', detail: '' }], [], 'secret "a/b" is invalid')).toMatchObject({
      allowed: false,
      code: 422,
      message: 'secret "a/b" is invalid: data.a: Required value',
    }));
});
