import { createGate } from '../http/gate.ts';
import { createHttpRoute, type HttpRoute } from '../http/route.ts';
import type { Connection } from './connection.ts';

export type Lane = 'calls' | 'watches';

/** The sockets of one client: kept alive, bounded for calls; a watch holds one for itself. */
export interface Pools {
  /**
   * Runs the work with the route for this connection. The route of another connection is retired: its requests may
   * finish.
   */
  use<T>(connection: Connection, lane: Lane, work: (route: HttpRoute) => Promise<T>): Promise<T>;
  /** Waits for calls, cuts watches. */
  close(): Promise<void>;
}

interface Pair extends Readonly<Record<Lane, HttpRoute>> {
  readonly socketId: string;
}

export function createPools(connections: number): Pools {
  const calls = createGate();
  let current: Pair | undefined;
  let closed = false;
  let retired: HttpRoute[] = [];

  const routeFor = (connection: Connection, lane: Lane): HttpRoute => {
    if (closed) throw new Error('the client is closed');
    if (current && current.socketId !== connection.socketId) {
      retired = [...retired.filter((route) => !route.isEmpty), current.calls, current.watches];
      current = undefined;
    }
    current ??= {
      socketId: connection.socketId,
      calls: createHttpRoute({ ...connection, connections }),
      watches: createHttpRoute(connection),
    };
    return current[lane];
  };
  return {
    async use(connection, lane, work) {
      const route = routeFor(connection, lane);
      return lane === 'calls' ? calls.run(() => work(route)) : work(route);
    },
    async close() {
      closed = true;
      await calls.idle();
      for (const route of retired) route.destroy();
      current?.calls.destroy();
      current?.watches.destroy();
    },
  };
}
