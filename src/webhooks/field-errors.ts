import type { FieldError, FieldErrorType } from '../providers/admission.ts';
import type { ReviewResult } from './webhook.ts';

/** As apimachinery's field package words them, so that a person sees no difference to Kubernetes' own validation. */
const words: Readonly<Record<FieldErrorType, { readonly text: string; readonly cause: string; showsValue: boolean }>> =
  {
    Required: { text: 'Required value', cause: 'FieldValueRequired', showsValue: false },
    Invalid: { text: 'Invalid value', cause: 'FieldValueInvalid', showsValue: true },
    NotSupported: { text: 'Unsupported value', cause: 'FieldValueNotSupported', showsValue: true },
    Forbidden: { text: 'Forbidden', cause: 'FieldValueForbidden', showsValue: false },
    Duplicate: { text: 'Duplicate value', cause: 'FieldValueDuplicate', showsValue: true },
    TooMany: { text: 'Too many', cause: 'FieldValueTooMany', showsValue: true },
    TooLong: { text: 'Too long', cause: 'FieldValueTooLong', showsValue: false },
  };

const maxValueLength = 100;
/** More are counted only: nobody reads them, and the API server does not take answers of any size. */
const maxErrors = 100;

/** One entry of `status.details.causes`, which kubectl prints as a list. */
export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/**
 * What a webhook answers for findings of rules: 422 with all errors in one text, or allowed when there are none.
 * `subject` stands before the text when something else than the reviewed object is at fault, e.g. `secret "a/b" is invalid`.
 */
export function refusal(
  errors: readonly FieldError[],
  warnings: readonly string[] = [],
  subject?: string,
): ReviewResult {
  if (errors.length === 0) return { allowed: true, warnings };
  const text = describeErrors(errors);
  return { allowed: false, code: 422, message: subject ? `${subject}: ${text}` : text, errors, warnings };
}

/** `field: Invalid value: "x": detail`; several as `[a, b]`. */
export function describeErrors(errors: readonly FieldError[]): string {
  const shown = errors.slice(0, maxErrors).map((error) => `${error.field}: ${body(error)}`);
  if (errors.length > maxErrors) shown.push(`and ${errors.length - maxErrors} more`);
  return shown.length === 1 ? (shown[0] ?? '') : `[${shown.join(', ')}]`;
}

export function causesOf(errors: readonly FieldError[]): StatusCause[] {
  return errors
    .slice(0, maxErrors)
    .map((error) => ({ reason: words[error.type].cause, message: body(error), field: error.field }));
}

function body({ type, value, detail }: FieldError): string {
  const { text, showsValue } = words[type];
  const shown = showsValue && value !== undefined ? `${text}: ${show(value)}` : text;
  return detail ? `${shown}: ${detail}` : shown;
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value));
  return cut(typeof value === 'object' ? json(value) : String(value));
}

function json(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '(object)';
  }
}

function cut(text: string): string {
  return text.length > maxValueLength ? `${text.slice(0, maxValueLength)}...` : text;
}
