import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A way to the API server that a test can cut. */
export interface Proxy extends AsyncDisposable {
  /** A kubeconfig that goes this way. */
  readonly kubeconfig: string;
  /** `open` forwards; `hung` keeps connections and forwards nothing; `refused` ends them and takes none. */
  mode: 'open' | 'hung' | 'refused';
}

export async function startProxy(kubeconfig: string): Promise<Proxy> {
  const text = await readFile(kubeconfig, 'utf8');
  const target = new URL(/server: "?(https:[^\s"]+)/.exec(text)?.[1] ?? '');
  const sockets = new Set<Socket>();
  let mode: Proxy['mode'] = 'open';
  const server = createServer((near) => {
    if (mode === 'refused') {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => mode === 'open' && to.write(bytes));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const directory = await mkdtemp(join(tmpdir(), 'proxy-'));
  const file = join(directory, 'kubeconfig');
  await writeFile(file, text.replace(target.origin, `https://127.0.0.1:${port}`), { mode: 0o600 });
  return {
    kubeconfig: file,
    get mode() {
      return mode;
    },
    set mode(next) {
      mode = next;
      if (next === 'refused') for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true });
    },
  };
}
