import { Agent as HttpAgent, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createSecureContext } from 'node:tls';
import { connectThrough, proxyHeaders } from './tunnel.ts';

export interface TlsOptions {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly servername?: string | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
}

export interface RouteOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly tls?: TlsOptions | undefined;
  /** An http or https proxy. */
  readonly proxyUrl?: string | undefined;
  /** Sockets at most; as many as there are requests when absent. */
  readonly connections?: number | undefined;
}

/** The way to one origin: its sockets, which are kept alive between requests. */
export interface HttpRoute {
  /** Host and port. */
  readonly host: string;
  /** Stands before the path. */
  readonly prefix: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly target: RequestOptions & { readonly agent: HttpAgent };
  /** Sockets are opened inside of a tunnel: see TunnelArgs. */
  readonly tunnels: boolean;
  /** No socket is open. */
  readonly isEmpty: boolean;
  /** Cuts every socket. */
  destroy(): void;
}

/**
 * An unused socket is closed after half a minute: sooner than by the API server (90 s) and by common load balancers
 * (60 s).
 */
const keepAlive = { keepAlive: true, keepAliveMsecs: 30_000, timeout: 30_000 };

/** Opens nothing. Throws for a URL or for TLS data that cannot be used. */
export function createHttpRoute(options: RouteOptions): HttpRoute {
  const url = new URL(options.origin);
  const proxy = options.proxyUrl ? readProxy(options.proxyUrl) : undefined;
  const secure = url.protocol === 'https:';
  const agent = secure ? secureAgent(options, proxy) : plainAgent(options, proxy);
  // A proxy is asked for plain http by the whole URL, for https by a tunnel.
  const forwarding = secure ? undefined : proxy;
  return {
    host: url.host,
    prefix: forwarding ? url.origin : '',
    headers: forwarding ? { host: url.host, ...proxyHeaders(forwarding) } : {},
    target: { agent, ...addressOf(forwarding ?? url) },
    tunnels: secure && proxy !== undefined,
    get isEmpty() {
      const used = [agent.sockets, agent.freeSockets, agent.requests].flatMap((each) => Object.values(each).flat());
      return used.length === 0;
    },
    destroy: () => agent.destroy(),
  };
}

/** As node:http wants it: without the brackets around an IPv6 address. */
function addressOf(url: URL): { protocol: string; host: string; port: string } {
  const { protocol } = url;
  return {
    protocol,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port || (protocol === 'https:' ? '443' : '80'),
  };
}

function readProxy(proxyUrl: string): URL {
  const proxy = URL.parse(proxyUrl);
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return proxy;
  throw new Error(`a proxy must be an http or https URL${proxy ? `, not ${proxy.protocol}` : ''}`);
}

function plainAgent({ connections }: RouteOptions, proxy: URL | undefined): HttpAgent {
  const sockets = { ...keepAlive, maxSockets: connections ?? Number.POSITIVE_INFINITY };
  return proxy?.protocol === 'https:' ? new HttpsAgent(sockets) : new HttpAgent(sockets);
}

function secureAgent({ connections, tls = {} }: RouteOptions, proxy: URL | undefined): HttpAgent {
  const { ca, cert, key, servername, rejectUnauthorized } = tls;
  // Read once, not for each socket; and the agent would make ca, cert and key part of a name that it builds for each request.
  const secureContext = ca || cert || key ? createSecureContext({ ca, cert, key }) : undefined;
  const agent = new HttpsAgent({
    ...keepAlive,
    maxSockets: connections ?? Number.POSITIVE_INFINITY,
    ...(secureContext ? { secureContext } : {}),
    ...(servername ? { servername } : {}),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  });
  return proxy ? connectThrough(proxy, agent) : agent;
}
