import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ProcessPlan } from './process-plan.ts';

/** Writes what is new or different. Files whose key is gone stay: a process may read them. */
export async function writeFiles({ dirs, files }: Pick<ProcessPlan, 'dirs' | 'files'>): Promise<void> {
  for (const dir of dirs) await mkdir(dir, { recursive: true, mode: 0o700 });
  for (const [path, content] of files) {
    const before = await readFile(path).catch(() => undefined);
    if (before?.equals(content)) continue;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, content, { mode: 0o600 });
  }
}
