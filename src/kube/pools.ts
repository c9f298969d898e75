import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { Connection } from './connection.ts';

export type Lane = 'calls' | 'watches';

/** The sockets of one client: kept alive, bounded for calls; a watch holds one for itself. */
export interface Pools {
  /** The dispatcher for this connection; one of another connection is retired: its requests may finish. */
  dispatcher(connection: Connection, lane: Lane): Dispatcher;
  /** Waits for calls, cuts watches. */
  close(): Promise<void>;
}

interface Pair extends Readonly<Record<Lane, Dispatcher>> {
  readonly socketId: string;
}

export function createPools(connections: number): Pools {
  let current: Pair | undefined;
  let closed = false;
  const retired = new Set<Pair>();

  const retire = (pair: Pair) => {
    retired.add(pair);
    const done = () => retired.delete(pair);
    Promise.allSettled([pair.calls.close(), pair.watches.close()]).then(done, done);
  };
  return {
    dispatcher(connection, lane) {
      if (closed) throw new Error('the client is closed');
      if (current && current.socketId !== connection.socketId) {
        retire(current);
        current = undefined;
      }
      current ??= {
        socketId: connection.socketId,
        calls: open(connection, connections),
        watches: open(connection, null),
      };
      return current[lane];
    },
    async close() {
      closed = true;
      const pairs = current ? [...retired, current] : [...retired];
      await Promise.allSettled(pairs.flatMap((pair) => [pair.calls.close(), pair.watches.destroy()]));
    },
  };
}

function open(connection: Connection, connections: number | null): Dispatcher {
  const { ca, cert, key, servername, rejectUnauthorized } = connection.tls;
  const tls = {
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(servername ? { servername } : {}),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
  const options = {
    connections,
    allowH2: false,
    // Deadlines are our own, and a watch is silent for minutes.
    headersTimeout: 0,
    bodyTimeout: 0,
    // Less than the 90 s after which the API server closes an idle connection, and than common load balancers' 60 s.
    keepAliveTimeout: 30_000,
    keepAliveMaxTimeout: 30_000,
  };
  const socket = { timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000 };
  if (connection.proxyUrl) {
    return new ProxyAgent({ ...options, uri: connection.proxyUrl, requestTls: { ...socket, ...tls } });
  }
  return new Pool(connection.origin, { ...options, connect: { ...socket, ...tls } });
}
