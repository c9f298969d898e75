import { readdirSync, readFileSync } from 'node:fs';
import supertest from 'supertest';
import { expect, test } from 'vitest';
import { createFakeLog } from '../../kube/fake-log.ts';
import type { AdmissionRules } from '../../providers/admission.ts';
import { createApp } from '../app.ts';
import { createScene } from './fixtures.ts';

const directory = new URL('../../../test/fixtures/admission-reviews/', import.meta.url);
const names = readdirSync(directory).map((name) => name.replace('.json', ''));

/** Rules that each recording comes to; the others are let pass unread. */
const asked: Readonly<Record<string, keyof AdmissionRules>> = {
  'cloudprofile-create': 'validateCloudProfile',
  'cloudprofile-update': 'validateCloudProfile',
  'namespacedcloudprofile-create': 'validateNamespacedCloudProfile',
  'namespacedcloudprofile-update': 'validateNamespacedCloudProfile',
  'credentialsbinding-create': 'validateCredentials',
  'credentialsbinding-create-secret': 'validateCredentials',
  'credentialsbinding-update-secret': 'validateCredentials',
  'secretbinding-create': 'validateCredentials',
  'secretbinding-create-secret': 'validateCredentials',
  'secretbinding-update-secret': 'validateCredentials',
  'secret-create': 'validateCredentials',
  'secret-update': 'validateCredentials',
  'shoot-create': 'validateShoot',
  'shoot-create-mutate': 'defaultShoot',
  'shoot-create-minimal': 'validateShoot',
  'shoot-create-minimal-mutate': 'defaultShoot',
  'shoot-update': 'validateShoot',
  'shoot-update-mutate': 'defaultShoot',
  'shoot-workerless': 'validateShoot',
  'shoot-workerless-mutate': 'defaultShoot',
};

function pathOf(name: string): string {
  if (name.endsWith('-mutate')) return '/webhooks/mutate';
  return name.startsWith('secret-') || name.endsWith('-secret') ? '/webhooks/validate/secrets' : '/webhooks/validate';
}

const objects = {
  'cloudprofiles/metal': { metadata: { name: 'metal' }, spec: { type: 'metal' } },
  'secrets/garden-local/other': { metadata: { name: 'other', namespace: 'garden-local' }, data: { a: 'YQ==' } },
};

/** Through the app; each rule refuses, or changes the Shoot, and so is known to have been asked. */
async function send(name: string, edit: (review: { request: { object: object } }) => void = () => {}) {
  const heard: string[] = [];
  const finds = (rule: keyof AdmissionRules) => () => {
    heard.push(rule);
    return { errors: [{ type: 'Invalid' as const, field: 'spec', detail: rule }], warnings: ['soon'] };
  };
  const { webhooks } = createScene(
    {
      validateShoot: finds('validateShoot'),
      validateCloudProfile: finds('validateCloudProfile'),
      validateNamespacedCloudProfile: finds('validateNamespacedCloudProfile'),
      validateCredentials: finds('validateCredentials'),
      defaultShoot: ({ object }) => {
        heard.push('defaultShoot');
        return { ...object, spec: { ...object.spec, added: 1 } };
      },
    },
    objects,
  );
  const review = JSON.parse(readFileSync(new URL(`${name}.json`, directory), 'utf8'));
  edit(review);
  const app = createApp({ webhooks, log: createFakeLog() });
  const { status, body } = await supertest(app)
    .post(`${pathOf(name)}?timeout=10s`)
    .send(review);
  expect(status).toBe(200);
  expect(body.response.uid).toBe(review.request.uid);
  return { response: body.response, heard };
}

test('nothing expected is without a recording', () => {
  expect(names).toEqual(expect.arrayContaining(Object.keys(asked)));
});

test.each(names)('%s', async (name) => {
  const rule = asked[name];
  const { response, heard } = await send(name);
  expect(heard).toEqual(rule ? [rule] : []);
  if (rule === undefined) return expect(response).toEqual({ uid: response.uid, allowed: true });
  if (rule === 'defaultShoot') {
    const patch = JSON.parse(Buffer.from(response.patch, 'base64').toString());
    return expect(patch).toEqual([{ op: 'add', path: '/spec/added', value: 1 }]);
  }
  expect(response).toMatchObject({
    allowed: false,
    status: { code: 422, message: expect.stringContaining(rule) },
    warnings: ['soon'],
  });
});

test.each(names)('%s of another type, or with an unreadable object, is answered without a rule', async (name) => {
  const local = await send(name, ({ request }) => {
    Object.assign(request.object, {
      spec: { provider: { type: 'local' }, type: 'local' },
      provider: { type: 'local' },
    });
  });
  const isSecret = pathOf(name).endsWith('secrets');
  if (!isSecret) expect(local.heard).toEqual([]);
  const broken = await send(name, ({ request }) => {
    Object.assign(request.object, { metadata: 'x', spec: 1, data: 1 });
  });
  expect(broken.response).toMatchObject({ allowed: false, status: { code: 400 } });
  expect(broken.heard).toEqual([]);
});
