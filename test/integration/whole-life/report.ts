import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { logTail } from '../../../landscape/processes/log-tail.ts';

/** Of those that say nothing of a Shoot. */
const silent = /^(etcd|kube-apiserver|gardener-apiserver|kube-controller-manager|resource-manager)/;

/** The ends of the logs in these directories, so that a failure on another machine can be understood. */
export async function reportLogs(dirs: readonly string[]): Promise<void> {
  for (const dir of dirs) {
    const files = await readdir(dir).catch(() => []);
    for (const file of files.filter((name) => !silent.test(name))) {
      const tail = (await logTail(join(dir, file))).replace(/^(.{600}).*$/gm, '$1 ...');
      process.stderr.write(`\n--- ${file}\n${tail}\n`);
    }
  }
}
