import { once } from 'node:events';
import { createServer } from 'node:net';
import { ProcessError } from './process.ts';

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}

/** The process ended because another one holds its port. */
export const isPortTaken = (error: unknown): boolean =>
  error instanceof ProcessError && /address already in use|EADDRINUSE/.test(error.tail);

/** Starts with a free port, and again with another one when somebody took it before the process could bind it. */
export async function withFreePort<T>(start: (port: number) => Promise<T>, attempts = 5): Promise<T> {
  for (let left = attempts; ; left -= 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (left <= 1 || !isPortTaken(error)) throw error;
    }
  }
}
