import { join } from 'node:path';
import { type RunningProcess, startProcess } from '../processes/process.ts';
import type { Credentials } from './credentials.ts';
import { answersOk, createProbe } from './probe.ts';

export interface EtcdOptions {
  readonly binary: string;
  readonly dir: string;
  readonly port: number;
  readonly credentials: Credentials;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One member. Its data need not survive a power cut, so it does not wait for the disk. Nobody else is meant to join:
 * the peer port is whatever the kernel gives. Mutual TLS, so that a foreign etcd at the same port is never taken for ours.
 */
export async function startEtcd({ binary, dir, port, credentials, signal }: EtcdOptions): Promise<RunningProcess> {
  const url = `https://127.0.0.1:${port}`;
  const { ca, ...client } = credentials.etcdClientPem;
  const probe = createProbe({ server: url, ca, user: 'apiserver', client }, 'etcd');
  try {
    return await startProcess({
      name: 'etcd',
      command: binary,
      args: [
        `--data-dir=${join(dir, 'etcd')}`,
        `--listen-client-urls=${url}`,
        `--advertise-client-urls=${url}`,
        '--listen-peer-urls=http://127.0.0.1:0',
        '--initial-advertise-peer-urls=http://127.0.0.1:0',
        '--initial-cluster=default=http://127.0.0.1:0',
        `--cert-file=${credentials.etcd.cert}`,
        `--key-file=${credentials.etcd.key}`,
        `--trusted-ca-file=${credentials.etcdCa}`,
        '--client-cert-auth',
        '--unsafe-no-fsync',
        '--log-level=warn',
      ],
      logFile: join(dir, 'logs', 'etcd.log'),
      ready: answersOk(probe, '/health'),
      readyTimeoutMs: 30_000,
      graceMs: 3_000,
      signal,
    });
  } finally {
    await probe.close();
  }
}
