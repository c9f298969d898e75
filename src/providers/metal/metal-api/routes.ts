import { createGate } from '../../../http/gate.ts';
import { createHttpRoute, type HttpRoute } from '../../../http/route.ts';
import { proxyFor } from './proxy.ts';

/** The sockets to every metal-api, by its origin. */
export interface Routes {
  /** Rejects for an endpoint or a proxy that is not a URL. */
  use<T>(endpoint: URL, work: (route: HttpRoute) => Promise<T>): Promise<T>;
  /** Closes the sockets as soon as nothing uses them. */
  close(): Promise<void>;
}

/** Above this number, routes without an open socket are forgotten. */
const keepUnused = 32;

/** `connections` is the number of sockets to one origin. */
export function createRoutes(connections: number, env: NodeJS.ProcessEnv): Routes {
  const routes = new Map<string, HttpRoute>();
  const users = createGate();

  const sweep = () => {
    for (const [origin, route] of routes) {
      if (route.isEmpty) routes.delete(origin);
    }
  };
  const open = (endpoint: URL): HttpRoute => {
    const { origin } = endpoint;
    const known = routes.get(origin);
    if (known) return known;
    if (routes.size >= keepUnused) sweep();
    const route = createHttpRoute({ origin, connections, proxyUrl: proxyFor(endpoint, env) });
    routes.set(origin, route);
    return route;
  };
  return {
    use: (endpoint, work) => users.run(() => work(open(endpoint))),
    async close() {
      await users.idle();
      for (const route of routes.values()) route.destroy();
      routes.clear();
    },
  };
}
