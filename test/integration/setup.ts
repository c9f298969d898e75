import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { startControlPlane } from '../../landscape/control-plane/control-plane.ts';
import type { Parts } from '../../landscape/parts/catalog.ts';
import { ensureParts } from '../../landscape/parts/ensure.ts';
import { isAlive } from '../../landscape/processes/alive.ts';
import { createProgress } from '../../landscape/progress.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Admin of garden and seed, which are one API server. */
    kubeconfig: string;
    /** Admin of the shoot's API server; with LANDSCAPE_KUBECONFIG what LANDSCAPE_SHOOT_KUBECONFIG names, or empty. */
    shootKubeconfig: string;
    /** Directory of this run, removed at its end; with LANDSCAPE_KUBECONFIG a directory for what tests write. */
    landscapeDir: string;
    /** Paths of the Go programs. */
    parts: Parts;
  }
}

/** Directories of runs that were killed; their processes ended with them. */
async function sweep(landscape: string): Promise<void> {
  const names = await readdir(landscape).catch(() => []);
  for (const name of names) {
    const pid = Number(/^test-(\d+)$/.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) await rm(join(landscape, name), { recursive: true, force: true });
  }
}

/**
 * One control plane for the whole run. LANDSCAPE_KUBECONFIG names the kubeconfig of one that runs already (`make up`
 * leaves it in .landscape/garden.kubeconfig): nothing is started then.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const landscape = fileURLToPath(new URL('../../.landscape', import.meta.url));
  await sweep(landscape);
  const dir = join(landscape, `test-${process.pid}`);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const progress = createProgress();
  const parts = await ensureParts({ progress });
  project.provide('parts', parts);
  project.provide('landscapeDir', dir);

  const running = process.env.LANDSCAPE_KUBECONFIG;
  if (running) {
    project.provide('kubeconfig', running);
    project.provide('shootKubeconfig', process.env.LANDSCAPE_SHOOT_KUBECONFIG ?? '');
    return () => rm(dir, { recursive: true, force: true });
  }

  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new Error('interrupted'));
  process.once('SIGINT', interrupt);
  const plane = await startControlPlane({
    dir,
    parts,
    progress,
    shoot: true,
    gardener: true,
    signal: interrupted.signal,
  });
  process.off('SIGINT', interrupt);
  progress.close();
  plane.failure.addEventListener('abort', () => process.stderr.write(`${plane.failure.reason}\n`), { once: true });
  project.provide('kubeconfig', plane.garden.kubeconfig);
  project.provide('shootKubeconfig', plane.shoot?.kubeconfig ?? '');
  return async () => {
    await plane.stop();
    await rm(dir, { recursive: true, force: true });
  };
}
