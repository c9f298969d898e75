import { Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../kube/fake-clock.ts';
import { createFakeLog } from '../kube/fake-log.ts';
import type { FieldError } from '../providers/admission.ts';
import { type AppOptions, createApp } from './app.ts';
import { refusal } from './field-errors.ts';
import { createWebhookMetrics } from './metrics.ts';
import { reviewOf, webhookOf } from './testing.ts';
import type { ReviewRequest, ReviewResult, Webhook } from './webhook.ts';

const allow: Webhook['review'] = () => Promise.resolve({ allowed: true });

function appOf(review: Webhook['review'], options: Partial<AppOptions> & { type?: Webhook['type'] } = {}) {
  const { type = 'validating', ...rest } = options;
  const log = createFakeLog();
  return { app: createApp({ webhooks: [webhookOf({ review, type })], log, ...rest }), log };
}

/** Sends text as it is. */
const post = (review: Webhook['review'], body: string | Buffer, options?: Parameters<typeof appOf>[1], query = '') =>
  request(appOf(review, options).app).post(`/review${query}`).set('content-type', 'application/json').send(body);

describe('a review', () => {
  it.each(['v1', 'v1beta1'])('of %s is answered in the same version, to the same uid', async (version) => {
    const { status, body, headers } = await post(allow, JSON.stringify(reviewOf({ version })));
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    expect(body).toEqual({
      apiVersion: `admission.k8s.io/${version}`,
      kind: 'AdmissionReview',
      response: { uid: 'uid-1', allowed: true },
    });
  });

  it('reaches the webhook with all that it says', async () => {
    let seen: ReviewRequest | undefined;
    const body = reviewOf({
      request: {
        operation: 'UPDATE',
        oldObject: { b: 2 },
        namespace: 'n',
        name: 'x',
        subResource: 'status',
        dryRun: true,
      },
    });
    await post((review) => {
      seen = review;
      return allow(review, new AbortController().signal);
    }, JSON.stringify(body));
    expect(seen).toEqual({
      uid: 'uid-1',
      operation: 'UPDATE',
      kind: { group: 'core.gardener.cloud', version: 'v1beta1', kind: 'Shoot' },
      resource: { group: 'core.gardener.cloud', version: 'v1beta1', resource: 'shoots' },
      subresource: 'status',
      namespace: 'n',
      name: 'x',
      object: { metadata: { name: 'x' } },
      oldObject: { b: 2 },
      dryRun: true,
      userInfo: { username: 'alice', groups: ['g'] },
      remoteAddress: expect.stringContaining('127.0.0.1'),
    });
  });

  it('is refused with one message, a cause for each error, and warnings', async () => {
    const result: ReviewResult = {
      allowed: false,
      code: 422,
      message: 'spec.a: Invalid value: 1: odd',
      errors: [{ type: 'Invalid', field: 'spec.a', value: 1, detail: 'odd' }],
      warnings: ['w'],
    };
    const { body } = await post(() => Promise.resolve(result), JSON.stringify(reviewOf({ request: { name: 'x' } })));
    expect(body.response).toEqual({
      uid: 'uid-1',
      allowed: false,
      warnings: ['w'],
      status: {
        status: 'Failure',
        code: 422,
        reason: 'Invalid',
        message: 'spec.a: Invalid value: 1: odd',
        details: {
          name: 'x',
          group: 'core.gardener.cloud',
          kind: 'Shoot',
          causes: [{ reason: 'FieldValueInvalid', field: 'spec.a', message: 'Invalid value: 1: odd' }],
        },
      },
    });
  });
});

it('keeps an introduction from being replaced by the causes, as kubectl would', async () => {
  const errors: FieldError[] = [{ type: 'Required', field: 'data.a', detail: '' }];
  const statusOf = async (result: ReviewResult) => {
    const { body } = await post(() => Promise.resolve(result), JSON.stringify(reviewOf()));
    return body.response.status;
  };
  expect(await statusOf(refusal(errors))).toHaveProperty('details.causes');
  expect(await statusOf(refusal([...errors, ...errors]))).toHaveProperty('details.causes');
  const other = await statusOf(refusal(errors, [], 'secret a/b is invalid'));
  expect(other.message).toBe('secret a/b is invalid: data.a: Required value');
  expect(other).not.toHaveProperty('details');
});

describe('a mutation', () => {
  const object = { metadata: { name: 'x' }, list: [1, 2] };
  const mutate = async (after: unknown, type: Webhook['type'] = 'mutating') => {
    const body = JSON.stringify(reviewOf({ request: { object } }));
    const answer = await post(() => Promise.resolve({ allowed: true, object: after }), body, { type });
    const { patch, patchType } = answer.body.response;
    return patch === undefined ? undefined : [patchType, JSON.parse(Buffer.from(patch, 'base64').toString())];
  };

  it('is a JSON patch', async () =>
    expect(await mutate({ ...object, spec: { 'a/b': 1 } })).toEqual([
      'JSONPatch',
      [{ op: 'add', path: '/spec', value: { 'a/b': 1 } }],
    ]));

  it.each<[string, unknown]>([
    ['of an equal object', structuredClone(object)],
    ['of nothing', undefined],
    ['to undefined fields', { ...object, spec: undefined }],
  ])('%s is no patch', async (_, after) => expect(await mutate(after)).toBeUndefined());

  it('of a validating webhook has no effect', async () => expect(await mutate({}, 'validating')).toBeUndefined());

  it('that cannot be written as JSON is an internal error', async () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const body = JSON.stringify(reviewOf());
    const answer = await post(() => Promise.resolve({ allowed: true, object: cycle }), body, { type: 'mutating' });
    expect(answer.body.response).toMatchObject({ allowed: false, status: { code: 500 } });
  });
});

const good = JSON.stringify(reviewOf());
const withRequest = (fields: object) => JSON.stringify(reviewOf({ request: fields }));

describe('what can be attributed is refused as a review', () => {
  it.each<[string, string, string]>([
    ['cut off', good.slice(0, -9), 'the body is not JSON'],
    [
      'nested too deep',
      withRequest({ object: { a: JSON.parse(`${'['.repeat(99)}${']'.repeat(99)}`) } }),
      'nested deeper than 100',
    ],
    ['of an unknown version', good.replace('/v1"', '/v7"'), 'must be an AdmissionReview of'],
    ['of another kind', good.replace('"AdmissionReview"', '"Review"'), 'must be an AdmissionReview of'],
    ['without operation', withRequest({ operation: undefined }), 'request.operation must be one of'],
    ['of an unknown operation', withRequest({ operation: 'toString' }), 'request.operation must be one of'],
    ['without kind', withRequest({ kind: null }), 'request.kind.group must be a string'],
    ['of a wrong resource', withRequest({ resource: 'shoots' }), 'request.resource.group must be a string'],
    ['with a wrong name', withRequest({ name: {} }), 'request.name must be a string'],
    ['with a wrong user', withRequest({ userInfo: { groups: [1] } }), 'request.userInfo.groups must be a list'],
    ['without object', withRequest({ object: null }), 'request.object must be an object'],
    ['with a list for an object', withRequest({ object: [] }), 'request.object must be an object'],
    ['an update of nothing', withRequest({ operation: 'UPDATE' }), 'request.oldObject must be an object'],
    [
      'naming __proto__',
      good.replace('{"name":"x"}', '{"__proto__":{"polluted":1}}'),
      'the name "__proto__" is not allowed',
    ],
    [
      'naming it with an escape',
      good.replace('{"name":"x"}', '{"\\u005f_proto__":{"a":1}}'),
      'the name "__proto__" is not',
    ],
    [
      'naming it with another',
      good.replace('{"name":"x"}', '{"__pro\\u0074o__":{"a":1}}'),
      'the name "__proto__" is not',
    ],
  ])('%s', async (_, body, message) => {
    const answer = await post(() => Promise.reject(new Error('must not be asked')), body);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: 'uid-1', allowed: false, status: { status: 'Failure', code: 400, reason: 'BadRequest' } },
    });
    expect(answer.body.response.status.message).toContain(message);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('what cannot be attributed is refused with a Status', () => {
  it.each<[string, string | Buffer, number]>([
    ['nothing', '', 400],
    ['no JSON', 'hello', 400],
    ['null', 'null', 400],
    ['a list', '[1]', 400],
    ['no request', '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}', 400],
    ['no uid', withRequest({ uid: undefined }), 400],
    ['a number for a uid', withRequest({ uid: 7 }), 400],
    ['an abyss', '['.repeat(1_000_000), 400],
    ['too much', Buffer.alloc(3 * 1024 * 1024 + 1, ' '), 413],
    ['far too much', Buffer.alloc(20 * 1024 * 1024, ' '), 413],
  ])('%s', async (_, body, code) => {
    const answer = await post(allow, body);
    expect([answer.status, answer.body.kind, answer.body.code]).toEqual([code, 'Status', code]);
  });

  it.each([
    ['text/plain', 415],
    ['application/jsonp', 415],
    ['application/json; charset=utf-8', 200],
  ])('%s: %d', async (type, code) => {
    const answer = await request(appOf(allow).app).post('/review').set('content-type', type).send(good);
    expect(answer.status).toBe(code);
  });

  it('compressed', async () => {
    const sending = request(appOf(allow).app).post('/review').set('content-type', 'application/json');
    expect((await sending.set('content-encoding', 'gzip').send(good)).status).toBe(415);
  });

  it('at another path, by another method', async () => {
    const { app } = appOf(allow);
    expect((await request(app).post('/').send({})).body).toMatchObject({ kind: 'Status', code: 404 });
    expect((await request(app).get('/review')).body).toMatchObject({ kind: 'Status', code: 405 });
    expect((await request(app).get('/%zz')).status).toBeLessThan(500);
  });
});

describe('names that objects inherit', () => {
  it('are data', async () => {
    let seen: unknown;
    const object = { metadata: { annotations: { constructor: 'a', toString: 'b', hasOwnProperty: 'c' } } };
    const body = withRequest({ object });
    await post((review) => {
      seen = review.object;
      return Promise.resolve({ allowed: true, object: structuredClone(review.object) });
    }, body);
    expect(seen).toEqual(object);
  });
});

describe('a webhook that fails', () => {
  it.each<[string, Webhook['review']]>([
    ['later', () => Promise.reject(new Error('boom\n    at secret.ts'))],
    [
      'at once',
      () => {
        throw new Error('boom\n    at secret.ts');
      },
    ],
  ])('%s is an internal error, in the log with its stack', async (_, review) => {
    const { app, log } = appOf(review);
    const { status, body } = await request(app).post('/review').send(reviewOf());
    expect([status, body.response.allowed]).toEqual([200, false]);
    expect(body.response.status).toMatchObject({ code: 500, message: 'internal error: boom' });
    expect(log.lines).toMatchObject([
      { level: 'error', message: 'Review failed', values: { kind: 'Shoot', uid: 'uid-1' } },
    ]);
  });

  it('does not tell credentials of a URL', async () => {
    const { body } = await post(() => Promise.reject(new Error('get https://me:hunter2@host/ failed')), good);
    expect(body.response.status.message).not.toContain('hunter2');
  });

  it.each([
    ['?timeout=10s', 9_500],
    ['?timeout=2s', 1_800],
    ['?timeout=1m0s', 29_500],
    ['?timeout=soon', 10_000],
    ['', 10_000],
  ])('to answer in time is refused: %j after %d ms, and its signal aborted', async (query, ms) => {
    const clock = createFakeClock();
    const asked = Promise.withResolvers<AbortSignal>();
    const review: Webhook['review'] = (_, signal) => {
      asked.resolve(signal);
      return new Promise(() => undefined);
    };
    const answer = post(review, good, { clock }, query).then((response) => response.body);
    const signal = await asked.promise;
    clock.advance(ms - 1);
    expect(signal.aborted).toBe(false);
    clock.advance(1);
    expect(signal.aborted).toBe(true);
    expect((await answer).response).toMatchObject({ allowed: false, status: { code: 504, reason: 'Timeout' } });
  });
});

it('counts requests under the names of controller-runtime', async () => {
  const registry = new Registry();
  const metrics = createWebhookMetrics(registry);
  const { app } = appOf(allow, { metrics });
  await request(app).post('/review').send(reviewOf());
  await request(app).post('/review').send({});
  const text = await registry.metrics();
  for (const line of [
    'controller_runtime_webhook_requests_total{webhook="/review",code="200"} 1',
    'controller_runtime_webhook_requests_total{webhook="/review",code="400"} 1',
    'controller_runtime_webhook_requests_total{webhook="/review",code="500"} 0',
    'controller_runtime_webhook_requests_in_flight{webhook="/review"} 0',
    'controller_runtime_webhook_latency_seconds_count{webhook="/review"} 2',
  ]) {
    expect(text).toContain(line);
  }
});

it('refuses two webhooks at one path', () => {
  const webhooks = [webhookOf({ name: 'a' }), webhookOf({ name: 'b' })];
  expect(() => createApp({ webhooks, log: createFakeLog() })).toThrow('two webhooks have the path /review');
});
