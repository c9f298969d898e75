import { Agent, fetch } from 'undici';
import type { Access } from '../pki/kubeconfig.ts';

/** Bare calls with a client certificate, for what starts and is asked before there is a kubeconfig to trust. */
export interface Api {
  /** The parsed answer, whatever its status. */
  call(method: string, path: string, options?: { body?: unknown; signal?: AbortSignal }): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export function connect({ server, ca, client }: Access): Api {
  const dispatcher = new Agent({ connect: { ca, cert: client.cert, key: client.key } });
  return {
    async call(method, path, { body, signal } = {}) {
      const answer = await fetch(`${server}${path}`, {
        method,
        dispatcher,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
      const text = await answer.text();
      return { status: answer.status, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
    },
    close: () => dispatcher.destroy(),
  };
}

/** Creates, and takes an object that is there for success. */
export async function createOnce(api: Api, path: string, body: unknown, signal?: AbortSignal): Promise<void> {
  const answer = await api.call('POST', path, { body, ...(signal ? { signal } : {}) });
  if (answer.status < 300 || answer.status === 409) return;
  throw new Error(`create at ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}
