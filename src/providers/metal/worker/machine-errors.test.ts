import { expect, test } from 'vitest';
import { codesOfMachineError } from './machine-errors.ts';

const answer = (status: number, message: string) =>
  'Cloud provider message - machine codes error: code = [Internal] message = [' +
  `[POST /v1/machine/allocate][${status}] allocateMachine default {"message":"${message}","statuscode":${status}}]`;

const told = (code: string, message: string) =>
  `Cloud provider message - machine codes error: code = [${code}] message = [${message}]`;

test.each<[string, string, readonly string[]]>([
  ['no machine left', answer(422, 'unable to find machine: no machine available'), ['ERR_INFRA_RESOURCES_DEPLETED']],
  ['no machine left, in other words around', 'error: no machine available', ['ERR_INFRA_RESOURCES_DEPLETED']],
  [
    'no address left',
    answer(500, 'Internal cannot allocate free ip in ipam, no ips left'),
    ['ERR_INFRA_RESOURCES_DEPLETED'],
  ],
  ['quota', answer(422, 'project quota for machines reached max:3'), ['ERR_INFRA_QUOTA_EXCEEDED']],
  ['role', answer(403, 'you are not member in one of [k8s_kaas-edit]'), ['ERR_INFRA_UNAUTHORIZED']],
  ['a signature that was refused then', answer(403, 'wrong hmac'), ['ERR_RETRYABLE_INFRA_DEPENDENCIES']],
  [
    'contention',
    answer(422, 'too many parallel machine allocations taking place, try again later'),
    ['ERR_RETRYABLE_INFRA_DEPENDENCIES'],
  ],
  [
    'an image that is not there',
    answer(400, 'NotFound no image for id:x found'),
    ['ERR_RETRYABLE_CONFIGURATION_PROBLEM'],
  ],
  ['out of order', answer(503, 'unavailable'), ['ERR_RETRYABLE_INFRA_DEPENDENCIES']],
  [
    'not reachable',
    'Post "http://m/v1/machine/allocate": dial tcp 10.0.0.1:80: connect: connection refused',
    ['ERR_RETRYABLE_INFRA_DEPENDENCIES'],
  ],
  [
    'back-off',
    'backing off from machine creation because machine with this name was only created seconds ago...',
    ['ERR_RETRYABLE_INFRA_DEPENDENCIES'],
  ],
  ['a machine that does not join', 'Machine x failed to join the cluster in 20m0s minutes.', []],
  [
    'no machine left, by our own machine controller',
    told('ResourceExhausted', 'metal-api allocateMachine: unable to find machine: no machine available (422)'),
    ['ERR_INFRA_RESOURCES_DEPLETED'],
  ],
  [
    'quota, by ours',
    told('ResourceExhausted', 'metal-api allocateMachine: project quota for machines reached max:3 (422)'),
    ['ERR_INFRA_QUOTA_EXCEEDED'],
  ],
  [
    'role, by ours',
    told('PermissionDenied', 'metal-api allocateMachine: you are not member in one of [k8s_kaas-edit] (403)'),
    ['ERR_INFRA_UNAUTHORIZED'],
  ],
  [
    'an image that is not there, by ours',
    told('FailedPrecondition', 'metal-api allocateMachine: no image (id:x) found (404)'),
    ['ERR_RETRYABLE_CONFIGURATION_PROBLEM'],
  ],
  [
    'no answer, by ours',
    told('Unavailable', 'metal-api allocateMachine: no answer within 10000 ms'),
    ['ERR_RETRYABLE_INFRA_DEPENDENCIES'],
  ],
  ['a Secret that is not fit, by ours', told('InvalidArgument', 'secret metalAPIURL is required field'), []],
  ['nothing', '', []],
])('%s', (_, text, codes) => {
  expect(codesOfMachineError(text)).toEqual(codes);
});
