import { expect, it } from 'vitest';
import { ApiError } from '../../kube/errors.ts';
import { OperationError } from '../../providers/errors.ts';
import { toProblem } from './problem.ts';

const quota = new OperationError('too many', { codes: ['ERR_INFRA_QUOTA_EXCEEDED'] });

it.each<[string, unknown, string, string[]]>([
  ['of an operation', quota, 'too many', ['ERR_INFRA_QUOTA_EXCEEDED']],
  ['unknown', new Error('boom'), 'boom', []],
  ['no error', 'text', 'text', []],
  ['a conflict', new ApiError(409, { reason: 'Conflict', message: 'newer' }), 'newer (409); will try again', []],
  ['several', new AggregateError([quota, new Error('boom')]), 'too many; boom', ['ERR_INFRA_QUOTA_EXCEEDED']],
  ['a password', new OperationError('GET https://me:hush@api/v1'), 'GET https://[redacted]@api/v1', []],
  ['a token', new AggregateError([new Error('sent Bearer abcdefgh.1')]), 'sent Bearer [redacted]', []],
])('%s', (_, error, message, codes) => expect(toProblem(error)).toEqual({ message, codes }));
