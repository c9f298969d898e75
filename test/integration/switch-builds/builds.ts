import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundle } from '../../../landscape/charts/programs.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What `make build` has made, and a build of its own by the same script: paths of the bundles, by tag. */
export async function twoBuilds(dir: string): Promise<{ readonly old: string; readonly new: string }> {
  const places = { old: join(dir, 'old'), new: join(dir, 'new') };
  await cp(join(bundle, '..'), places.old, { recursive: true, filter: (path) => basename(path) !== 'release' });
  await mkdir(places.new, { recursive: true });
  await symlink(join(root, 'src'), join(places.new, 'src'));
  await promisify(execFile)(process.execPath, [join(root, 'esbuild.config.mjs')], { cwd: places.new });
  const built = join(places.new, 'dist');
  await symlink(join(places.old, 'manifests'), join(built, 'manifests'));
  return { old: join(places.old, basename(bundle)), new: join(built, basename(bundle)) };
}

/** Commands of the processes that run from this bundle, sorted; `pid`: of one of them only. */
export async function commandsOf(main: string, pid?: string): Promise<string[]> {
  const pids = pid ? [pid] : (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = pids.map((name) => readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(lines)).flatMap((line) => {
    const [, program, command] = line.split('\0');
    return program === main && command ? [command] : [];
  });
}
