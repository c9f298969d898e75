import { describe, expect, test } from 'vitest';
import type { Secret } from '../../kube/secret.ts';
import { createScene, request } from './fixtures.ts';

const path = '/webhooks/validate';
const metadata = { name: 'it', namespace: 'garden-local' };
const secret: Secret = { metadata: { name: 's', namespace: 'other' }, data: { metalAPIKey: 'dmFsdWU=' } };
const objects = { 'secrets/other/s': secret };
const wrong = { type: 'Invalid', field: 'data[metalAPIKey]', value: 'dmFsdWU=', detail: 'no' } as const;
const strict = { validateCredentials: () => ({ errors: [wrong], warnings: [] }) };
const invalid = {
  allowed: false,
  code: 422,
  message: 'referenced secret other/s is not valid: data[metalAPIKey]: Invalid value: no',
};

describe('a CredentialsBinding', () => {
  const kind = 'security.gardener.cloud/v1alpha1/CredentialsBinding';
  const reference = { apiVersion: 'v1', kind: 'Secret', name: 's', namespace: 'other' };
  const binding = (more: object = {}, type = 'metal') => ({
    metadata,
    provider: { type },
    credentialsRef: { ...reference, ...more },
  });

  test.each([
    ['of a good Secret', binding(), {}, { allowed: true }],
    [
      'of a Secret that is not there',
      binding({ name: 'none' }),
      {},
      { code: 422, message: /other\/none does not exist/ },
    ],
    [
      'of a workload identity',
      binding({ apiVersion: 'security.gardener.cloud/v1alpha1', kind: 'WorkloadIdentity' }),
      {},
      { code: 422, message: /^credentialsRef: Unsupported value: .*WorkloadIdentity.*must be a Secret/ },
    ],
    ['of another type', binding({ name: 'none' }, 'local'), {}, { allowed: true }],
    ['of no type', { metadata, credentialsRef: reference }, {}, { allowed: true }],
    ['that is updated', binding({ name: 'none' }), { oldObject: binding() }, { allowed: true }],
    ['that is malformed', { metadata, provider: { type: 'metal' } }, {}, { code: 400 }],
  ])('%s', async (_, object, more, expected) => {
    const { review } = createScene({}, objects);
    expect(await review(path, request(kind, object, more))).toMatchObject(matching(expected));
  });

  test('of a bad Secret: its value is not shown', async () => {
    const { review } = createScene(strict, objects);
    const result = await review(path, request(kind, binding()));
    expect(result).toMatchObject(invalid);
    expect(JSON.stringify(result)).not.toContain('dmFsdWU');
  });
});

describe('a SecretBinding', () => {
  const kind = 'core.gardener.cloud/v1beta1/SecretBinding';
  const binding = (type: string | null, name = 's') => ({
    metadata,
    provider: type === null ? null : { type },
    secretRef: { name, namespace: 'other' },
  });

  test.each([
    ['of a bad Secret', binding('metal'), {}, invalid],
    ['of several types', binding('local,metal'), {}, invalid],
    ['of another type', binding('local'), {}, { allowed: true }],
    ['without a type', binding(null), {}, { allowed: true }],
    ['whose type stays', binding('metal'), { oldObject: binding('metal') }, { allowed: true }],
    ['that becomes one of metal', binding('metal'), { oldObject: binding(null) }, invalid],
    ['that loses its type', binding(null), { oldObject: binding('metal') }, { allowed: true }],
    ['of a Secret that is not there', binding('metal', 'none'), {}, { code: 422 }],
  ])('%s', async (_, object, more, expected) => {
    const { review } = createScene(strict, objects);
    expect(await review(path, request(kind, object, more))).toMatchObject(expected);
  });

  test('without a namespace in its reference means its own', async () => {
    const { review, calls } = createScene({}, objects);
    const object = { metadata, provider: { type: 'metal' }, secretRef: { name: 's' } };
    expect(await review(path, request(kind, object))).toMatchObject({ message: /garden-local\/s/ });
    expect(calls.map(({ key }) => key)).toEqual(['garden-local/s']);
  });
});

function matching(expected: object): object {
  const message = 'message' in expected ? expected.message : undefined;
  return message instanceof RegExp ? { ...expected, message: expect.stringMatching(message) } : expected;
}
