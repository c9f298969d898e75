import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort, isPortTaken, withFreePort } from './ports.ts';
import { ProcessError } from './process.ts';

const taken = () =>
  new ProcessError('part', 'exited with code 1', 'part.log', 'listen tcp: bind: address already in use');

test('a free port can be bound', async () => {
  const server = createServer().listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  server.close();
});

test('starts again with another port when somebody was faster', async () => {
  const ports: number[] = [];
  const started = await withFreePort(async (port) => {
    ports.push(port);
    if (ports.length < 3) throw taken();
    return port;
  });
  expect(ports).toHaveLength(3);
  expect(started).toBe(ports[2]);
});

test('gives up after some attempts, and at once for any other reason', async () => {
  let starts = 0;
  const start = (error: Error) => async () => {
    starts += 1;
    throw error;
  };
  await expect(withFreePort(start(taken()), 2)).rejects.toSatisfy(isPortTaken);
  expect(starts).toBe(2);
  await expect(withFreePort(start(new Error('no such file')))).rejects.toThrow('no such file');
  expect(starts).toBe(3);
});
