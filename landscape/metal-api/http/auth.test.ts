import { describe, expect, test } from 'vitest';
import { routes } from '../routes.ts';
import { fakeClock, hmacHeaders, send, startForTest } from '../test-client.ts';

const NOW = '2026-01-02T03:04:05Z';
const secondsFromNow = (seconds: number): string =>
  new Date(Date.parse(NOW) + seconds * 1000).toISOString().replace('.000Z', 'Z');

const TOO_OLD = /^the timestamp in your header is too old/;
const WRONG = 'Wrong HMAC found';

describe('HMAC', () => {
  test.each([
    ['Metal-Admin', 'metal-admin', 0, 200, undefined],
    ['Metal-Edit', 'metal-edit', 0, 200, undefined],
    ['Metal-View', 'metal-view', 0, 200, undefined],
    ['Metal-Admin', 'metal-edit', 0, 403, WRONG],
    ['Metal-Edit', 'metal-admin', 0, 403, WRONG],
    ['Metal-Admin', 'metal-admin', -90, 200, undefined],
    ['Metal-Admin', 'metal-admin', -91, 403, TOO_OLD],
    ['Metal-Edit', 'metal-edit', -30, 200, undefined],
    ['Metal-Edit', 'metal-edit', -31, 403, TOO_OLD],
    ['Metal-Admin', 'metal-admin', 3600, 200, undefined],
  ])('%s with key %s, signed %i s from now: %i', async (authType, key, skew, status, message) => {
    await using simulator = await startForTest({ clock: fakeClock(Date.parse(NOW)) });
    const headers = hmacHeaders(authType, key, 'GET', secondsFromNow(skew));
    const reply = await send(`${simulator.api.url}/v1/network`, 'GET', headers);
    expect(reply.status).toBe(status);
    if (message !== undefined) expect(reply.body).toEqual({ statuscode: 403, message: expect.stringMatching(message) });
  });

  test.each<[string, Record<string, string>, unknown]>([
    ['a signature of another method', hmacHeaders('Metal-Admin', 'metal-admin', 'POST', NOW), WRONG],
    ['another salt', { ...hmacHeaders('Metal-Admin', 'metal-admin', 'GET', NOW), 'x-data-salt': 'other' }, WRONG],
    ['a truncated signature', { authorization: 'Metal-Admin abc', 'x-date': NOW, 'x-data-salt': 's' }, WRONG],
    ['a date that is none', { ...hmacHeaders('Metal-Admin', 'metal-admin', 'GET', NOW), 'x-date': 'today' }, /RFC3339/],
    [
      'a date without time zone',
      { ...hmacHeaders('Metal-Admin', 'metal-admin', 'GET', NOW), 'x-date': NOW.slice(0, -1) },
      /RFC3339/,
    ],
    [
      'a date without time',
      { ...hmacHeaders('Metal-Admin', 'metal-admin', 'GET', NOW), 'x-date': '2026-01-02' },
      /RFC3339/,
    ],
  ])('%s is 403', async (_, headers, message) => {
    await using simulator = await startForTest({ clock: fakeClock(Date.parse(NOW)) });
    const reply = await send(`${simulator.api.url}/v1/network`, 'GET', headers);
    expect(reply).toEqual({
      status: 403,
      body: { statuscode: 403, message: expect.stringMatching(message as string) },
    });
  });
});

test.each<[string, Record<string, string>, unknown]>([
  ['no credentials', {}, 'tenant guest not allowed'],
  ['an unknown scheme', { authorization: 'Basic YTpi' }, 'tenant guest not allowed'],
  ['an unknown HMAC user', hmacHeaders('Metal-Root', 'metal-admin', 'GET', NOW), 'tenant guest not allowed'],
  ['a wrong token', { authorization: 'Bearer nonsense' }, { statuscode: 403, message: 'invalid token' }],
])('%s: 403, but health and version answer', async (_, headers, body) => {
  await using simulator = await startForTest({ clock: fakeClock(Date.parse(NOW)) });
  const { url } = simulator.api;
  expect(await send(`${url}/v1/network`, 'GET', headers)).toEqual({ status: 403, body });
  expect((await send(`${url}/v1/health`, 'GET', {})).body.status).toBe('healthy');
  expect((await send(`${url}/v1/version`, 'GET', {})).status).toBe(200);
});

test('a tenant that is not allowed gets a bare string', async () => {
  const auth = {
    hmac: [],
    bearer: [{ token: 't', role: 'admin' as const, name: 'n', tenant: 'acme' }],
    allowedTenants: ['metal-stack'],
  };
  await using simulator = await startForTest({ auth });
  const reply = await send(`${simulator.api.url}/v1/network`, 'GET', { authorization: 'Bearer t' });
  expect(reply).toEqual({ status: 403, body: 'tenant acme not allowed' });
});

test('every endpoint asks for the role of metal-api, before it looks at anything else', async () => {
  await using simulator = await startForTest();
  const below = { view: undefined, edit: 'view', admin: 'edit' } as const;
  for (const { method, path, role } of routes) {
    if (role === 'open' || role === 'any' || role === 'view') continue;
    const reply = await simulator.call(
      method,
      path.replaceAll(/\{\w+\}/g, 'x'),
      method === 'GET' ? undefined : {},
      below[role],
    );
    const groups = role === 'admin' ? 'maas-all-all-admin' : 'maas-all-all-edit maas-all-all-admin';
    const message = `you are not member in one of [${groups}]`;
    expect({ path, ...reply }).toEqual({ path, status: 403, body: { statuscode: 403, message } });
  }
});
