import { type ErrorCode, OperationError } from '../../errors.ts';
import { toOperationError } from '../errors.ts';
import { classify } from '../metal-api/classify.ts';
import { MetalApiError, type MetalApiErrorKind } from '../metal-api/errors.ts';

/**
 * The Go machine controller quotes its client of metal-api: `[POST /v1/machine/allocate][422] allocateMachine default {...}`,
 * ours says `metal-api allocateMachine: ... (422)`.
 */
const ANSWERS = [/\[(?:GET|POST|PUT|DELETE) \S{1,200}\]\[(\d{3})\]/, /metal-api \w{1,60}: .*\((\d{3})\)/s];
/** Codes of trouble on the way to metal-api, which ours tells apart. */
const PASSING = /code = \[(?:Unavailable|DeadlineExceeded|Aborted)\]/;
const TRANSPORT =
  /connection (?:refused|reset)|no such host|i\/o timeout|TLS handshake|context deadline exceeded|unexpected EOF/i;
const BUSY = /too many parallel machine allocations|backing off from machine creation/;
const TOLD_BY_TEXT: readonly MetalApiErrorKind[] = ['exhausted', 'quota-exceeded'];

/**
 * Gardener's codes for what a machine controller has said of a machine. What it says may be minutes old, and the present
 * credentials have just served us: a refused signature is taken for a clock or a key that was wrong then, which must not
 * make Gardener give the shoot up (gardener-contract 1.10).
 */
export function codesOfMachineError(text: string): readonly ErrorCode[] {
  if (BUSY.test(text)) return ['ERR_RETRYABLE_INFRA_DEPENDENCIES'];
  const kind = kindOf(text);
  if (kind === undefined) return PASSING.test(text) || TRANSPORT.test(text) ? ['ERR_RETRYABLE_INFRA_DEPENDENCIES'] : [];
  if (kind === 'unauthenticated') return ['ERR_RETRYABLE_INFRA_DEPENDENCIES'];
  const error = toOperationError(new MetalApiError(kind, 'machine', text));
  return error instanceof OperationError ? error.codes : [];
}

function kindOf(text: string): MetalApiErrorKind | undefined {
  const status = ANSWERS.flatMap((answer) => answer.exec(text)?.[1] ?? [])[0];
  if (status) return classify(Number(status), text);
  const kind = classify(422, text);
  return TOLD_BY_TEXT.includes(kind) ? kind : undefined;
}
