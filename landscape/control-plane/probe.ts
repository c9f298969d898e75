import { Agent, fetch } from 'undici';
import type { Access } from '../pki/kubeconfig.ts';

/** Asks what is starting: plain GETs with a client certificate, without the repetitions of a real client. */
export interface Probe {
  /** The answer, whatever its status; `body` is parsed when it is JSON. */
  get(path: string, options?: { accept?: string; signal?: AbortSignal | undefined }): Promise<Answer>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** `name` is what the server's certificate must be for, whatever the address. */
export function createProbe({ server, ca, client }: Access, name: string): Probe {
  const dispatcher = new Agent({ connect: { ca, cert: client.cert, key: client.key, servername: name } });
  return {
    async get(path, { accept = 'application/json', signal } = {}) {
      const answer = await fetch(`${server}${path}`, {
        dispatcher,
        headers: { accept },
        ...(signal ? { signal } : {}),
      });
      const text = await answer.text();
      const isJson = answer.headers.get('content-type')?.startsWith('application/json');
      return { status: answer.status, body: isJson ? (JSON.parse(text) as unknown) : text };
    },
    close: () => dispatcher.destroy(),
  };
}

/** For startProcess: the path answers 200. */
export const answersOk =
  (probe: Probe, path: string) =>
  async (signal: AbortSignal): Promise<boolean> =>
    (await probe.get(path, { signal })).status === 200;
