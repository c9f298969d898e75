import { once } from 'node:events';
import { createServer } from 'node:http';
import { Agent, request as send } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { createFakeLog } from '../kube/fake-log.ts';
import { issueAuthority, issueServer, type KeyPair } from '../pki/issue.ts';
import { createApp } from './app.ts';
import { serveWebhooks, type WebhookServer } from './server.ts';
import { reviewOf, webhookOf } from './testing.ts';
import type { Webhook } from './webhook.ts';

/**
 * While a process of another test is being started it holds a copy of the closed socket: what connects then is reset.
 */
const refused = /ECONNREFUSED|ECONNRESET/;

const host = '127.0.0.1';
const validity = { from: Date.now(), until: Date.now() + 3_600_000 };
let authorities: KeyPair[];
let pairs: KeyPair[];
const agents: Agent[] = [];

beforeAll(async () => {
  authorities = await Promise.all(['one', 'two'].map((name) => issueAuthority(name, validity)));
  pairs = await Promise.all(
    authorities.map((authority) => issueServer(authority, { commonName: 'server', hosts: [host] }, validity)),
  );
});
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
});

const first = () => pairs[0] ?? expect.fail();
const serve = (review?: Webhook['review']) =>
  serveWebhooks(
    { host, port: 0 },
    createApp({ webhooks: [webhookOf(review ? { review } : {})], log: createFakeLog() }),
    first(),
  );

function agentOf(options: { maxSockets?: number; keepAlive?: boolean } = {}): Agent {
  const agent = new Agent({ keepAlive: true, ca: authorities.map(({ cert }) => cert), ...options });
  agents.push(agent);
  return agent;
}

interface Answer {
  readonly status: number;
  readonly connection: string | undefined;
  readonly issuer: string;
  readonly reused: boolean;
}

function review({ port }: WebhookServer, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const sent = send({ host, port, method: 'POST', path: '/review', agent, headers }, (response) => {
      const { socket } = response as unknown as { socket: import('node:tls').TLSSocket };
      const issuer = String(socket.getPeerCertificate().issuer.CN);
      const { statusCode: status = 0 } = response;
      response.resume();
      response.on('end', () =>
        resolve({ status, connection: response.headers.connection, issuer, reused: sent.reusedSocket }),
      );
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(reviewOf()));
  });
}

it('shows a new certificate to new connections, and keeps those that are open', async () => {
  const server = await serve();
  const old = agentOf();
  expect((await review(server, old)).issuer).toBe('one');
  server.reload(pairs[1] ?? expect.fail());
  expect(await review(server, old)).toMatchObject({ status: 200, reused: true, issuer: 'one' });
  expect(await review(server, agentOf())).toMatchObject({ status: 200, reused: false, issuer: 'two' });
  await server.drain();
});

it('loses no request while certificates rotate under load', async () => {
  const server = await serve(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return { allowed: true };
  });
  const issuers = new Set<string>();
  const clients = Array.from({ length: 8 }, (_, index) => agentOf({ maxSockets: 1, keepAlive: index < 4 }));
  const work = clients.map(async (agent) => {
    for (let count = 0; count < 60; count++) {
      const { status, issuer } = await review(server, agent);
      expect(status).toBe(200);
      issuers.add(issuer);
      server.reload(pairs[count % 2] ?? expect.fail());
    }
  });
  await Promise.all(work);
  expect([...issuers].sort()).toEqual(['one', 'two']);
  await server.drain();
});

it('refuses a key that is not of the certificate, and goes on with the old one', async () => {
  const server = await serve();
  expect(() => server.reload({ cert: pairs[0]?.cert ?? '', key: pairs[1]?.key ?? '' })).toThrow();
  expect(await review(server, agentOf())).toMatchObject({ status: 200, issuer: 'one' });
  await server.drain();
});

it('finishes what runs before it closes, and accepts nothing new', async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<{ allowed: true }>();
  const server = await serve(() => {
    asked.resolve();
    return answer.promise;
  });
  const running = review(server, agentOf());
  await asked.promise;
  const drained = server.drain();
  await expect(review(server, agentOf())).rejects.toThrow(refused);
  answer.resolve({ allowed: true });
  expect(await running).toMatchObject({ status: 200, connection: 'close' });
  await drained;
  await server.drain();
});

it('does not wait for connections that nobody uses', async () => {
  const server = await serve();
  const ca = authorities.map(({ cert }) => cert);
  const unused = connectTls({ host, port: server.port, ca });
  await once(unused, 'secureConnect');
  await review(server, agentOf());
  await server.drain({ graceMs: 60_000 });
  unused.destroy();
});

it('answers for a while those who have not heard that it ends', async () => {
  const server = await serve();
  const known = agentOf();
  await review(server, known);
  const drained = server.drain({ lingerMs: 300 });
  expect(await review(server, known)).toMatchObject({ status: 200, reused: true, connection: 'close' });
  expect(await review(server, agentOf())).toMatchObject({ status: 200, connection: 'close' });
  await drained;
  await expect(review(server, agentOf())).rejects.toThrow(refused);
});

it('cuts off what does not end in time', async () => {
  const asked = Promise.withResolvers<void>();
  const server = await serve(() => {
    asked.resolve();
    return new Promise(() => undefined);
  });
  const running = review(server, agentOf());
  const lost = expect(running).rejects.toThrow(/socket hang up|ECONNRESET/);
  await asked.promise;
  const silent = connectTcp({ host, port: server.port });
  await once(silent, 'connect');
  silent.on('error', () => undefined);
  await server.drain({ graceMs: 1 });
  await lost;
});

it('speaks TLS 1.2 and newer only', async () => {
  const server = await serve();
  const version = (maxVersion: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
    new Promise((resolve, reject) => {
      const ca = authorities.map(({ cert }) => cert);
      const options = { host, port: server.port, ca, maxVersion, minVersion: 'TLSv1' as const };
      const socket = connectTls({ ...options, ciphers: 'DEFAULT@SECLEVEL=0' }, () => {
        resolve(socket.getProtocol());
        socket.destroy();
      });
      socket.on('error', reject);
    });
  expect([await version('TLSv1.2'), await version('TLSv1.3')]).toEqual(['TLSv1.2', 'TLSv1.3']);
  await expect(version('TLSv1.1')).rejects.toThrow();
  await server.drain();
});

it('says which address it cannot have', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, host, resolve));
  const { port } = taken.address() as { port: number };
  await expect(serveWebhooks({ host, port }, () => undefined, first())).rejects.toThrow(
    `cannot listen on ${host}:${port}`,
  );
  taken.close();
});
