import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAuthority } from '../../landscape/pki/authority.ts';
import { poll } from '../../landscape/processes/poll.ts';
import { freePort } from '../../landscape/processes/ports.ts';
import { type RunningProcess, startProcess } from '../../landscape/processes/process.ts';

/** A server of webhooks in a process of its own. */
export interface AdmissionServer {
  readonly process: RunningProcess;
  readonly port: number;
  /** From the start of the process to ready. */
  readonly startSeconds: number;
}

const bundle = fileURLToPath(new URL('../../dist/main.mjs', import.meta.url));
const bare = fileURLToPath(new URL('./bare-server.ts', import.meta.url));

/** `namespace` is where it keeps its certificates. */
export async function startAdmission(dir: string, kubeconfig: string, namespace: string): Promise<AdmissionServer> {
  const [port, health] = await Promise.all([freePort(), freePort()]);
  const args = [
    'admission',
    `--kubeconfig=${kubeconfig}`,
    `--webhook-config-namespace=${namespace}`,
    '--webhook-config-server-host=127.0.0.1',
    `--webhook-config-server-port=${port}`,
    '--webhook-config-mode=url',
    `--webhook-config-url=127.0.0.1:${port}`,
    '--metrics-bind-address=0',
    `--health-bind-address=127.0.0.1:${health}`,
  ];
  return start({ dir, name: 'admission', args: [bundle, ...args], port }, async (signal) => {
    return (await fetch(`http://127.0.0.1:${health}/readyz`, { signal })).ok;
  });
}

/** The floor: HTTPS with the same kind of key, JSON.parse, nothing else. */
export async function startBareServer(dir: string): Promise<AdmissionServer> {
  const port = await freePort();
  const [key, cert] = [join(dir, 'bare.key'), join(dir, 'bare.crt')];
  const pair = await (await createAuthority('bare')).server('bare', ['127.0.0.1']);
  await Promise.all([writeFile(key, pair.key, { mode: 0o600 }), writeFile(cert, pair.cert)]);
  return start({ dir, name: 'bare', args: [bare, String(port), key, cert], port }, () => canConnect(port));
}

interface Started {
  readonly dir: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly port: number;
}

async function start(
  { dir, name, args, port }: Started,
  ready: (signal: AbortSignal) => Promise<boolean>,
): Promise<AdmissionServer> {
  const started = performance.now();
  const running = await startProcess({
    name,
    command: process.execPath,
    args,
    logFile: join(dir, 'logs', `${name}.log`),
    graceMs: 20_000,
  });
  try {
    await poll(ready, { what: name, intervalMs: 5, timeoutMs: 30_000, signal: running.failure });
  } catch (error) {
    await running.stop();
    throw new Error(`${name} did not start; log:\n${await readFile(running.logFile, 'utf8')}`, { cause: error });
  }
  return { process: running, port, startSeconds: (performance.now() - started) / 1000 };
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).once('error', () => resolve(false));
  });
}
