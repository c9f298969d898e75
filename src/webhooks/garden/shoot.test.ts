import { describe, expect, test } from 'vitest';
import type { ShootReview } from '../../providers/admission.ts';
import { createScene, request } from './fixtures.ts';

const kind = 'core.gardener.cloud/v1beta1/Shoot';
const validate = '/webhooks/validate';
const mutate = '/webhooks/mutate';

const metal = (spec: object = {}, metadata: object = {}) => ({
  metadata: { name: 'it', namespace: 'garden-local', ...metadata },
  spec: { region: 'fra', cloudProfile: { name: 'p' }, provider: { type: 'metal' }, ...spec },
});
const refusal = { type: 'Invalid', field: 'spec.region', value: 'fra', detail: 'no' } as const;
const refusing = { validateShoot: () => ({ errors: [refusal], warnings: ['old'] }) };

describe('who is asked', () => {
  test.each([
    ['another type', metal({ provider: { type: 'local' } }), {}],
    ['no provider', metal({ provider: null }), {}],
    ['an object on its way out', metal({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }), { oldObject: metal() }],
    ['an object on its way out that cannot be read', { metadata: { deletionTimestamp: 'now' }, spec: 1 }, {}],
    ['new finalizers', metal({}, { finalizers: ['x'], labels: { a: 'b' } }), { oldObject: metal() }],
    ['a deletion', null, { operation: 'DELETE' as const }],
    ['a subresource', metal(), { subresource: 'status' }],
  ])('%s: nobody', async (_, object, more) => {
    const { review } = createScene({ ...refusing, defaultShoot: () => metal() });
    const made = request(kind, object, more);
    const isNull = object !== null && 'spec' in object && (object.spec as { provider?: unknown }).provider === null;
    const expected = isNull ? { allowed: false, code: 400 } : { allowed: true };
    expect(await review(validate, made)).toMatchObject(expected);
    expect(await review(mutate, made)).toMatchObject(expected);
  });

  test.each([
    ['a creation', metal(), {}],
    ['a changed spec', metal({ region: 'muc' }), { oldObject: metal() }],
    ['a changed annotation', metal({}, { annotations: { a: 'b' } }), { oldObject: metal() }],
    ['a name that is not generated yet', metal({}, { name: undefined, generateName: 'it-' }), {}],
  ])('%s: the rules', async (_, object, more) => {
    const { review } = createScene(refusing);
    expect(await review(validate, request(kind, object, more))).toEqual({
      allowed: false,
      code: 422,
      message: 'spec.region: Invalid value: "fra": no',
      errors: [refusal],
      warnings: ['old'],
    });
  });
});

test.each([
  [null, 'the Shoot cannot be read: (root)'],
  ['text', 'the Shoot cannot be read: (root)'],
  [[], 'the Shoot cannot be read: (root)'],
  [{}, 'the Shoot cannot be read: metadata'],
  [metal({ region: 7 }), 'the Shoot cannot be read: spec.region'],
  [{ ...metal(), metadata: [] }, 'the Shoot cannot be read: metadata'],
])('%j is refused as malformed', async (object, message) => {
  const { review } = createScene();
  for (const path of [validate, mutate]) {
    expect(await review(path, request(kind, object))).toMatchObject({
      allowed: false,
      code: 400,
      message: expect.stringContaining(message),
    });
  }
});

test('a Shoot that gets defaults is answered as it becomes, and one that needs none as it is', async () => {
  const object = metal();
  const defaulted = metal({ region: 'muc' });
  expect(await createScene({ defaultShoot: () => defaulted }).review(mutate, request(kind, object))).toEqual({
    allowed: true,
    object: defaulted,
  });
  expect(await createScene().review(mutate, request(kind, object))).toEqual({ allowed: true });
});

describe('the profile', () => {
  const spec = { type: 'metal', regions: [{ name: 'fra' }] };
  const merged = { type: 'metal', regions: [{ name: 'merged' }] };
  const objects = {
    'cloudprofiles/p': { metadata: { name: 'p' }, spec },
    'namespacedcloudprofiles/garden-local/p': {
      metadata: { name: 'p', namespace: 'garden-local' },
      spec: { parent: { kind: 'CloudProfile', name: 'p' } },
      status: { cloudProfileSpec: merged },
    },
    'namespacedcloudprofiles/garden-local/new': {
      metadata: { name: 'new', namespace: 'garden-local' },
      spec: { parent: { kind: 'CloudProfile', name: 'p' } },
    },
  };

  test.each([
    ['by reference', { cloudProfile: { kind: 'CloudProfile', name: 'p' } }, spec],
    ['by a reference without kind', { cloudProfile: { name: 'p' } }, spec],
    ['by its old name', { cloudProfile: undefined, cloudProfileName: 'p' }, spec],
    ['merged', { cloudProfile: { kind: 'NamespacedCloudProfile', name: 'p' } }, merged],
    ['not merged yet', { cloudProfile: { kind: 'NamespacedCloudProfile', name: 'new' } }, undefined],
    ['that is not there', { cloudProfile: { name: 'q' } }, undefined],
    ['that nobody names', { cloudProfile: undefined }, undefined],
    ['without a name', { cloudProfile: { kind: 'CloudProfile', name: '' } }, undefined],
  ])('%s', async (_, reference, expected) => {
    const seen: (ShootReview['profile'] | undefined)[] = [];
    const validateShoot = ({ profile }: ShootReview) => {
      seen.push(profile);
      return { errors: [], warnings: [] };
    };
    const { review } = createScene({ validateShoot }, objects);
    await review(validate, request(kind, metal(reference)));
    expect(seen.map((profile) => profile?.spec)).toEqual([expected]);
  });
});
