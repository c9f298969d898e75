import { type Agent, type ClientRequestArgs, type OutgoingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Duplex } from 'node:stream';

/** For the proxy to answer, which it does when it has reached the host. */
const timeoutMs = 10_000;

/** The tunnel to the host was not made, so nothing was sent there. */
class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly code = 'PROXY';
}

/** The options of the request that the socket is for. Node does not hand on its own `signal`. */
interface TunnelArgs extends ClientRequestArgs {
  readonly givenUp?: AbortSignal | undefined;
}

/** Makes the agent for https open its sockets inside of tunnels (CONNECT) of this proxy. */
export function connectThrough(proxy: URL, agent: Agent): Agent {
  const overTls = agent.createConnection.bind(agent);
  agent.createConnection = (options: TunnelArgs, callback) => {
    openTunnel(proxy, options).then(
      (socket) => callback?.(null, overTls({ ...options, givenUp: undefined, socket } as ClientRequestArgs) as Duplex),
      (error: Error) => callback?.(error, undefined as never),
    );
    return undefined;
  };
  return agent;
}

export function proxyHeaders({ username, password }: URL): Record<string, string> {
  if (!username && !password) return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function openTunnel(proxy: URL, { host, port, givenUp }: TunnelArgs): Promise<Duplex> {
  const authority = `${host?.includes(':') ? `[${host}]` : host}:${port}`;
  const headers: OutgoingHttpHeaders = { host: authority, ...proxyHeaders(proxy) };
  const request = proxy.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const asked = request(new URL(proxy.origin), { method: 'CONNECT', path: authority, headers, agent: false });
    const abort = () => asked.destroy(new ProxyError('given up'));
    const timer = setTimeout(
      () => asked.destroy(new ProxyError(`no answer of the proxy within ${timeoutMs} ms`)),
      timeoutMs,
    );
    givenUp?.addEventListener('abort', abort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      givenUp?.removeEventListener('abort', abort);
    };
    asked.once('connect', (answer, socket) => {
      settle();
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new ProxyError(`the proxy answered ${answer.statusCode}`));
    });
    asked.once('error', (error) => {
      settle();
      reject(error instanceof ProxyError ? error : new ProxyError(`proxy: ${error.message}`, { cause: error }));
    });
    asked.end();
  });
}
