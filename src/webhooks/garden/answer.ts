import type { Findings } from '../../providers/admission.ts';
import { refusal } from '../field-errors.ts';
import type { ReviewResult } from '../webhook.ts';

/** Nothing to say. */
export const allowed: ReviewResult = Object.freeze({ allowed: true });

/** What a user is told of findings; `subject` names what is at fault when it is not the reviewed object. */
export function answer({ errors, warnings }: Findings, subject?: string): ReviewResult {
  return refusal(errors, warnings, subject);
}
