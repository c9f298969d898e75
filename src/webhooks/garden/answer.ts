import type { FieldError, FieldErrorType, Findings } from '../../providers/admission.ts';
import type { ReviewResult } from '../webhook.ts';

/** The words of apimachinery's field.Error, which users know from Gardener's own validation. */
const words: Readonly<Record<FieldErrorType, string>> = {
  Required: 'Required value',
  Invalid: 'Invalid value',
  NotSupported: 'Unsupported value',
  Forbidden: 'Forbidden',
  Duplicate: 'Duplicate value',
  TooMany: 'Too many',
  TooLong: 'Too long',
};

const valueless: readonly FieldErrorType[] = ['Required', 'Forbidden', 'TooLong'];
const longestValue = 100;

function shown({ type, value }: FieldError): string {
  if (valueless.includes(type) || value === undefined) return '';
  const text = JSON.stringify(value) ?? String(value);
  return `: ${text.length > longestValue ? `${text.slice(0, longestValue)}…` : text}`;
}

/** `spec.provider.workers[0].volume: Forbidden: why` */
function lineOf(error: FieldError): string {
  return `${error.field}: ${words[error.type]}${shown(error)}${error.detail ? `: ${error.detail}` : ''}`;
}

/** One line for one error, a list for several. */
export function messageOf(errors: readonly FieldError[]): string {
  const lines = errors.map(lineOf);
  return lines.length === 1
    ? lines.join('')
    : [`${lines.length} errors:`, ...lines.map((line) => `- ${line}`)].join('\n');
}

/** What a user is told of findings; `introduction` stands before the list of errors. */
export function answer({ errors, warnings }: Findings, introduction = ''): ReviewResult {
  const spoken = warnings.length > 0 ? { warnings } : {};
  if (errors.length === 0) return { allowed: true, ...spoken };
  return { allowed: false, code: 422, message: `${introduction}${messageOf(errors)}`, errors, ...spoken };
}

export const allowed: ReviewResult = Object.freeze({ allowed: true });
