import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority } from '../pki/authority.ts';
import { freePort, withFreePort } from '../processes/ports.ts';
import { type RunningProcess, startProcess } from '../processes/process.ts';
import { configuration, type ServedShoot } from './configuration.ts';

export interface ResourceManagerOptions {
  /** Path of the program. */
  readonly binary: string;
  /** Its log, configuration and certificates are written below it. */
  readonly dir: string;
  /** Path of the kubeconfig of the seed, as the admin. */
  readonly seed: string;
  /** Absent: the one of the seed itself, for ManagedResources of class `seed` in all namespaces. */
  readonly shoot?: ServedShoot | undefined;
  /** Ends the start. */
  readonly signal?: AbortSignal | undefined;
}

/** The real gardener-resource-manager. Resolves when it is ready. */
export async function startResourceManager(options: ResourceManagerOptions): Promise<RunningProcess> {
  const { binary, dir, seed, shoot, signal } = options;
  const name = `resource-manager-${shoot?.namespace ?? 'seed'}`;
  const certDir = join(dir, 'pki', name);
  await mkdir(certDir, { recursive: true, mode: 0o700 });
  // Nobody calls its webhooks, which it serves nevertheless.
  const { cert, key } = await (await createAuthority(name)).server(name, ['127.0.0.1']);
  await writeFile(join(certDir, 'tls.crt'), cert);
  await writeFile(join(certDir, 'tls.key'), key, { mode: 0o600 });
  return withFreePort(async (health) => {
    const ports = { health, metrics: await freePort(), webhooks: await freePort() };
    const config = join(certDir, 'config.json');
    await writeFile(config, JSON.stringify(configuration({ seed, shoot, ports, certDir })));
    return startProcess({
      name: `gardener-${name}`,
      command: binary,
      args: [`--config=${config}`],
      logFile: join(dir, 'logs', `${name}.log`),
      ready: async (attempt) => (await fetch(`http://127.0.0.1:${health}/readyz`, { signal: attempt })).ok,
      signal,
    });
  });
}
