import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { objectMeta } from '../../apis/meta.ts';
import type { AdmissionRules, Findings } from '../../providers/admission.ts';
import type { ReviewRequest, ReviewResult } from '../webhook.ts';
import { allowed, answer } from './answer.ts';
import { read } from './read.ts';

const secret = z.looseObject({
  metadata: objectMeta,
  data: z.record(z.string(), z.string()).nullish(),
});

export interface SecretDeps {
  readonly rules: Pick<AdmissionRules, 'validateCredentials'>;
}

/** A Secret with credentials of a project: labels may come and go, its data must be right when it changes. */
export async function validateSecret({ rules }: SecretDeps, request: ReviewRequest): Promise<ReviewResult> {
  const slice = read(secret, request);
  if (!slice.ok) return slice.refusal;
  const { object, old } = slice;
  if (old && isDeepStrictEqual(object.data ?? {}, old.data ?? {})) return allowed;
  return answerCredentials(rules.validateCredentials(object.data));
}

/** No text about a Secret shows what is in it, whatever a rule has put into its errors. */
export function answerCredentials({ errors, warnings }: Findings, subject?: string): ReviewResult {
  const valueless = errors.map(({ type, field, detail }) => ({ type, field, detail }));
  return answer({ errors: valueless, warnings }, subject);
}
