import { once } from 'node:events';
import { Agent, createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFakeLog } from '../kube/fake-log.ts';
import { createApp } from './app.ts';
import { reviewOf, webhookOf } from './testing.ts';

const log = createFakeLog();
const webhook = webhookOf({
  type: 'mutating',
  review: ({ object }) => Promise.resolve({ allowed: true, object: { ...(object as object), more: 1 } }),
});
const server = createServer(createApp({ webhooks: [webhook], log }));
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  agent.destroy();
  server.close();
});

function post(body: Buffer): Promise<{ status: number; text: string; ms: number }> {
  const { port } = server.address() as AddressInfo;
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const sent = send(
      { port, host: '127.0.0.1', method: 'POST', path: '/review?timeout=10s', agent, headers },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, ms: performance.now() - started }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function isWellFormed(status: number, text: string): boolean {
  const body = JSON.parse(text);
  if (status === 200) {
    const { allowed, uid, status: refusal } = body.response;
    return (
      body.kind === 'AdmissionReview' &&
      typeof uid === 'string' &&
      (allowed === true || (refusal.code >= 400 && refusal.message !== ''))
    );
  }
  return body.kind === 'Status' && body.code === status && status >= 400 && status < 500;
}

const good = Buffer.from(JSON.stringify(reviewOf()));
const json = fc.json({ maxDepth: 6 });
/** A right body with some bytes replaced, removed or put in. */
const damaged = fc
  .array(fc.tuple(fc.nat(good.length), fc.nat(8), fc.uint8Array({ maxLength: 8 })), { minLength: 1, maxLength: 5 })
  .map((changes) =>
    changes.reduce<Buffer>(
      (body, [at, cut, bytes]) => Buffer.concat([body.subarray(0, at), bytes, body.subarray(at + cut)]),
      good,
    ),
  );
/** A right body with one field of the request, or of the review, replaced by anything. */
const mistyped = fc
  .tuple(
    fc.constantFrom('uid', 'kind', 'resource', 'operation', 'object', 'oldObject', 'userInfo', 'name', '__proto__'),
    json,
  )
  .map(([name, value]) =>
    Buffer.from(JSON.stringify(reviewOf()).replace('"dryRun":false', () => `"${name}":${value}`)),
  );
const strange = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  json.map((text) => Buffer.from(text)),
  json.map((text) => Buffer.from(`{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":${text}}`)),
  fc.nat(5_000).map((depth) => Buffer.from('{"request":{"uid":"u","object":'.padEnd(depth, '['))),
);

it('thousands of bodies get a well-formed answer, none 5xx, none late', { timeout: 60_000 }, async () => {
  const times: number[] = [];
  await fc.assert(
    fc.asyncProperty(fc.oneof(damaged, mistyped, strange), async (body) => {
      const { status, text, ms } = await post(body);
      times.push(ms);
      return isWellFormed(status, text);
    }),
    { numRuns: 4_000 },
  );
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  expect(Object.hasOwn(Object.prototype, 'more')).toBe(false);
  // The machine itself may pause once or twice.
  expect(times.sort((a, b) => b - a)[2]).toBeLessThan(100);
});
