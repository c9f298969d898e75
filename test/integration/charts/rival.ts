import { once } from 'node:events';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { accessOf } from './permissions.ts';

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Said of what has happened, not part of any object's life; who leads is not to be disputed. */
const leftAlone = new Set(['events', 'leases']);

/**
 * One that is always faster: an object is there when it is to be created, as if another had made it or the answer to a
 * call before had been lost; and it has been written to before the first write that is for one version of it alone.
 */
export function createRival(send: (request: Request) => ClientRequest): (asked: Request) => Promise<void> {
  const written = new Set<string>();
  const finish = async (request: Request): Promise<void> => {
    const [answer] = (await once(send(request), 'response')) as [IncomingMessage];
    await once(answer.resume(), 'end');
  };
  return async (asked) => {
    const { verb = '', resource = '' } = accessOf(asked.method, asked.url) ?? {};
    const [kind = '', subresource] = resource.split('/');
    if (leftAlone.has(kind)) return;
    if (verb === 'create') return finish(asked);
    const { pathname } = new URL(asked.url, 'https://localhost');
    const url = subresource ? pathname.slice(0, -subresource.length - 1) : pathname;
    if (!asked.body.includes('"resourceVersion"') || written.has(url)) return;
    written.add(url);
    const body = Buffer.from('{"metadata":{"annotations":{"rival":"was here"}}}');
    const { 'transfer-encoding': _, ...headers } = asked.headers;
    const own = { 'content-type': 'application/merge-patch+json', 'content-length': String(body.length) };
    await finish({ method: 'PATCH', url, headers: { ...headers, ...own }, body });
  };
}
