import { describe, expect, test } from 'vitest';
import { createScene, request } from './fixtures.ts';

const wrong = { type: 'Required', field: 'spec.providerConfig', detail: 'no' } as const;
const findings = () => ({ errors: [wrong], warnings: [] });
const strict = {
  validateCloudProfile: findings,
  validateNamespacedCloudProfile: findings,
  validateCredentials: findings,
};
const refused = { allowed: false, code: 422, message: 'spec.providerConfig: Required value: no' };
const metadata = { name: 'it' };

describe('a CloudProfile', () => {
  const profile = (type: string, more: object = {}) => ({ metadata, spec: { type, ...more } });
  test.each([
    ['of metal', profile('metal'), undefined, refused],
    ['of another type', profile('local'), undefined, { allowed: true }],
    [
      'whose spec stays',
      { ...profile('metal'), metadata: { name: 'it', labels: {} } },
      profile('metal'),
      { allowed: true },
    ],
    ['whose spec changes', profile('metal', { regions: [] }), profile('metal'), refused],
    ['that is malformed', profile('metal', { regions: 1 }), undefined, { code: 400 }],
  ])('%s', async (_, object, oldObject, expected) => {
    const made = request('core.gardener.cloud/v1beta1/CloudProfile', object, { oldObject });
    expect(await createScene(strict).review('/webhooks/validate', made)).toMatchObject(expected);
  });
});

describe('a NamespacedCloudProfile', () => {
  const profile = (parent: string, more: object = {}) => ({
    metadata,
    spec: { parent: { kind: 'CloudProfile', name: parent }, ...more },
  });
  const objects = {
    'cloudprofiles/m': { metadata: { name: 'm' }, spec: { type: 'metal' } },
    'cloudprofiles/l': { metadata: { name: 'l' }, spec: { type: 'local' } },
  };
  test.each([
    ['of metal', profile('m'), undefined, refused],
    ['of another type', profile('l'), undefined, { allowed: true }],
    ['of a parent that is not there', profile('none'), undefined, refused],
    ['whose spec stays', profile('m'), profile('m'), { allowed: true }],
    ['without parent', { metadata, spec: {} }, undefined, { code: 400 }],
  ])('%s', async (_, object, oldObject, expected) => {
    const made = request('core.gardener.cloud/v1beta1/NamespacedCloudProfile', object, { oldObject });
    expect(await createScene(strict, objects).review('/webhooks/validate', made)).toMatchObject(expected);
  });
});

describe('a Secret', () => {
  const secret = (data: unknown, more: object = {}) => ({ metadata: { ...metadata, ...more }, data });
  test.each([
    ['that is wrong', secret({ a: 'YQ==' }), undefined, refused],
    ['without data', secret(null), undefined, refused],
    ['whose data stays', secret({ a: 'YQ==' }, { labels: {} }), secret({ a: 'YQ==' }), { allowed: true }],
    ['whose data changes', secret({ a: 'Yg==' }), secret({ a: 'YQ==' }), refused],
  ])('%s', async (_, object, oldObject, expected) => {
    const made = request('/v1/Secret', object, { oldObject });
    expect(await createScene(strict).review('/webhooks/validate/secrets', made)).toMatchObject(expected);
  });

  test('that cannot be read: its values are not shown', async () => {
    const made = request('/v1/Secret', secret({ a: ['geheim'], b: { geheim: 1 } }));
    const result = await createScene().review('/webhooks/validate/secrets', made);
    expect(result).toMatchObject({ code: 400, message: expect.stringContaining('data.a') });
    expect(JSON.stringify(result)).not.toContain('geheim');
  });
});

test('a kind that is not reviewed here is refused', async () => {
  const made = request('core.gardener.cloud/v1beta1/Seed', { metadata });
  expect(await createScene().review('/webhooks/validate', made)).toMatchObject({ allowed: false, code: 400 });
});
