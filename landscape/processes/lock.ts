import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './alive.ts';

/**
 * Makes `dir` this process' own until the returned function is called. What a process left that is gone is taken over.
 * @throws when a living process holds it
 */
export async function lockDir(dir: string): Promise<() => Promise<void>> {
  const file = join(dir, 'lock');
  await mkdir(dir, { recursive: true, mode: 0o700 });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await writeFile(file, `${process.pid}\n`, { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = Number(await readFile(file, 'utf8').catch(() => ''));
    if (pid > 0 && isAlive(pid)) {
      throw new Error(`a landscape runs in ${dir} already (process ${pid}); stop it first, or remove ${file}`);
    }
    await rm(file, { force: true });
  }
  throw new Error(`a landscape is being started in ${dir} by another process`);
}
