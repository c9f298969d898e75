import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, createServer, request, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { dump, load } from 'js-yaml';
import { createAuthority } from '../../../landscape/pki/authority.ts';
import { type Access, accessOf } from './permissions.ts';
import { createRival, type Request } from './rival.ts';

/** Stands before an API server and notes who asks for what. */
export interface RecordingProxy extends AsyncDisposable {
  /** Asked for since the start. */
  readonly accesses: readonly Access[];
  /** What RBAC said to what was refused. */
  readonly refusals: readonly string[];
  /** Writes a kubeconfig like that one, which goes this way; resolves to its path, which is beside it. */
  redirect(kubeconfig: string, name: string): Promise<string>;
  /** From now on another one is faster, whose requests are not noted: see `createRival`. */
  addRival(): void;
}

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: Record<string, string> }[];
}

/** Of the request itself; webhooks refuse with the same code, and tell what was refused to them. */
const refusal = /^\S+ (?:"[^"]+" )?is forbidden: User "system:serviceaccount:[^"]+" cannot /;

function noteRefusal(answer: IncomingMessage, refusals: string[]): void {
  let body = '';
  answer.setEncoding('utf8').on('data', (text: string) => {
    body += text;
  });
  answer.once('end', () => {
    const { message = '' } = JSON.parse(body) as { message?: string };
    if (refusal.test(message)) refusals.push(message);
  });
}

/** Tokens pass; client certificates end here. */
export async function startRecordingProxy(server: string, ca: string): Promise<RecordingProxy> {
  const accesses: Access[] = [];
  const refusals: string[] = [];
  const authority = await createAuthority('recording proxy');
  const options: ServerOptions = await authority.server('proxy', ['127.0.0.1']);
  const agent = new Agent({ ca, keepAlive: true });
  const send = ({ method, url, headers, body }: Request) => {
    const sent = request(new URL(url, server), { method, headers, agent });
    // It may come after the answer, when nobody waits for it any more.
    sent.on('error', () => {});
    sent.end(body);
    return sent;
  };
  let rival: ReturnType<typeof createRival> | undefined;
  const proxy = createServer(options, async (incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const access = accessOf(method, url);
    if (access) accesses.push(access);
    try {
      const asked = { method, url, headers, body: await buffer(incoming) };
      await rival?.(asked);
      const forwarded = send(asked);
      outgoing.on('close', () => forwarded.destroy());
      const [answer] = (await once(forwarded, 'response')) as [IncomingMessage];
      // RBAC is asked once more for a patch that makes the object.
      if (access?.verb === 'patch' && answer.statusCode === 201) accesses.push({ ...access, verb: 'create' });
      if (answer.statusCode === 403) noteRefusal(answer, refusals);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      pipeline(answer, outgoing, () => {});
    } catch {
      // Either side may go: the other one then sees the end of its connection.
      outgoing.destroy();
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const cluster = {
    server: `https://127.0.0.1:${port}`,
    'certificate-authority-data': Buffer.from(authority.cert).toString('base64'),
  };
  return {
    accesses,
    refusals,
    addRival() {
      rival ??= createRival(send);
    },
    async redirect(kubeconfig, name) {
      const content = load(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
      const clusters = content.clusters.map(({ name }) => ({ name, cluster }));
      const path = join(dirname(kubeconfig), `${name}.kubeconfig`);
      await writeFile(path, dump({ ...content, clusters }), { mode: 0o600 });
      return path;
    },
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      proxy.close();
      agent.destroy();
      await once(proxy, 'close');
    },
  };
}
