import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { loadKubeconfig } from '../../src/kube/kubeconfig.ts';

/** Stands between a client and a server, and does to their connections what networks do. */
export interface TcpProxy {
  readonly port: number;
  /** Connections since the start. */
  readonly accepted: number;
  readonly open: number;
  /** Resets every connection. */
  cut(): void;
  /** Passes nothing on, and says nothing: a half-open connection. New ones are passed. */
  freeze(): void;
  /** Refuses (resets) new connections until `accept`, and resets those that are. */
  refuse(): void;
  accept(): void;
  close(): Promise<void>;
}

async function startTcpProxy(host: string, port: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let accepted = 0;
  let refusing = false;

  const server = createServer((inner) => {
    if (refusing) {
      inner.resetAndDestroy();
      return;
    }
    accepted += 1;
    const outer = connect(port, host);
    const pair = [inner, outer] as const;
    pairs.add(pair);
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const cut = () => {
    for (const [inner, outer] of pairs) {
      inner.resetAndDestroy();
      outer.destroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    get accepted() {
      return accepted;
    },
    get open() {
      return pairs.size;
    },
    cut,
    freeze() {
      for (const socket of [...pairs].flat()) socket.removeAllListeners('data').pause();
    },
    refuse() {
      refusing = true;
      cut();
    },
    accept() {
      refusing = false;
    },
    close: () =>
      new Promise((resolve) => {
        cut();
        server.close(() => resolve());
      }),
  };
}

/** A proxy before the server of a kubeconfig, and the kubeconfig that leads through it. */
export async function proxyKubeconfig(kubeconfig: string): Promise<{ proxy: TcpProxy; content: string }> {
  const { config } = loadKubeconfig({ kubeconfig });
  const server = new URL(config.getCurrentCluster()?.server ?? '');
  const host = server.hostname.replace(/^\[|\]$/g, '');
  const proxy = await startTcpProxy(host, Number(server.port || 443));
  const content = config.exportConfig().replaceAll(server.host, `127.0.0.1:${proxy.port}`);
  const document = JSON.parse(content);
  if (!/^[\d.:]+$/.test(host)) for (const { cluster } of document.clusters) cluster['tls-server-name'] ??= host;
  return { proxy, content: JSON.stringify(document) };
}
