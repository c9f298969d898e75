import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import type { TlsOptions } from '../http/route.ts';
import type { Clock } from './clock.ts';
import { toError } from './errors.ts';
import { type KubeconfigSource, type LoadedKubeconfig, loadKubeconfig } from './kubeconfig.ts';
import type { Logger } from './logger.ts';

/** All that is needed to speak to one API server with the credentials of this moment. */
export interface Connection {
  /** Scheme, host and port. */
  readonly origin: string;
  /** What the server's URL has behind the port, without a slash at the end. */
  readonly basePath: string;
  readonly tls: TlsOptions;
  readonly proxyUrl: string | undefined;
  /** Authentication and impersonation. */
  readonly headers: Readonly<Record<string, string>>;
  /** Differs when sockets of another connection must not be used for this one. */
  readonly socketId: string;
}

export interface ConnectionSource {
  current(): Promise<Connection>;
  /** Reads everything anew (at most once a second): the server refused what `current` gave. */
  refresh(): Promise<Connection>;
}

export interface ConnectionOptions extends KubeconfigSource {
  readonly clock: Clock;
  readonly log?: Logger | undefined;
  /** Files are looked at again after so many milliseconds; default 5,000. */
  readonly rereadAfterMs?: number | undefined;
}

/** Throws when there is no usable kubeconfig. Later trouble with its files keeps the last good connection. */
export function createConnectionSource(options: ConnectionOptions): ConnectionSource {
  const { clock, log, rereadAfterMs = 5_000 } = options;
  let loaded = loadKubeconfig(options);
  let stamp = stampOf(loaded.files);
  let last: Connection | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let loadedAt = clock.monotonic();
  let reading: Promise<Connection> | undefined;

  const load = () => {
    loaded = loadKubeconfig(options);
    stamp = stampOf(loaded.files);
    loadedAt = clock.monotonic();
  };
  const read = async (force: boolean): Promise<Connection> => {
    try {
      if (force || stampOf(loaded.files) !== stamp) load();
      last = await connectionOf(loaded);
    } catch (error) {
      if (!last) throw error;
      log?.warn({ err: toError(error) }, 'cannot read the kubeconfig, going on with what was read before');
    }
    readAt = clock.monotonic();
    return last;
  };
  const shared = (force: boolean): Promise<Connection> => {
    reading ??= read(force).finally(() => {
      reading = undefined;
    });
    return reading;
  };
  return {
    async current() {
      return last && clock.monotonic() - readAt < rereadAfterMs ? last : shared(false);
    },
    async refresh() {
      return last && clock.monotonic() - loadedAt < 1_000 && stampOf(loaded.files) === stamp ? last : shared(true);
    },
  };
}

function stampOf(files: readonly string[]): string {
  return files
    .map((file) => {
      const stat = statSync(file, { throwIfNoEntry: false });
      return stat ? `${stat.ino}:${stat.mtimeMs}:${stat.size}` : 'absent';
    })
    .join(' ');
}

/** The authentication is client-node's: files, tokens, exec plugins, OIDC, basic, impersonation. */
async function connectionOf({ config }: LoadedKubeconfig): Promise<Connection> {
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error('kubeconfig: no cluster in the current context');
  const applied: RequestOptions = { headers: {} };
  await config.applyToHTTPSOptions(applied);
  const url = new URL(cluster.server);
  const tls: TlsOptions = {
    ca: textOf(applied.ca),
    cert: textOf(applied.cert),
    key: textOf(applied.key),
    servername: applied.servername,
    rejectUnauthorized: applied.rejectUnauthorized,
  };
  const basePath = url.pathname.replace(/\/+$/, '');
  const proxyUrl = cluster.proxyUrl;
  const socketId = createHash('sha256')
    .update(JSON.stringify([url.origin, proxyUrl, tls]))
    .digest('hex');
  return { origin: url.origin, basePath, tls, proxyUrl, headers: headersOf(applied), socketId };
}

function headersOf(applied: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  // A token file may end with a newline, which no header may contain.
  for (const [name, value] of Object.entries(applied.headers ?? {})) headers[name.toLowerCase()] = String(value).trim();
  if (applied.auth && !headers.authorization) {
    headers.authorization = `Basic ${Buffer.from(applied.auth).toString('base64')}`;
  }
  return headers;
}

function textOf(value: unknown): string | undefined {
  return value ? String(value) : undefined;
}
