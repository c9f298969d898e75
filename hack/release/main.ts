import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureParts } from '../../landscape/parts/ensure.ts';
import { createProgress } from '../../landscape/progress.ts';
import { charts } from './charts.ts';

/**
 * Makes what a release consists of, in dist/release: the charts, the program as an archive, its bill of materials, and
 * checksums. VERSION is that of package.json unless it is given. IMAGE=1 builds the image as well. Nothing leaves this
 * machine without PUSH=1, which pushes image and charts to REGISTRY.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const out = join(root, 'dist', 'release');
const { REGISTRY: registry = 'ghcr.io/metal-stack', IMAGE, PUSH } = process.env;
const version = (process.env.VERSION ?? (await ownVersion())).replace(/^v/, '');
const tag = `v${version}`;
const image = `${registry}/espalier:${tag}`;

async function ownVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

async function run(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(command, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  process.stderr.write(stderr);
  return stdout;
}

async function buildImage(): Promise<void> {
  const labels = {
    VERSION: tag,
    REVISION: (await run('git', 'rev-parse', 'HEAD')).trim(),
    // Of the commit, so that the same commit makes the same image.
    CREATED: (await run('git', 'log', '-1', '--format=%cI')).trim(),
  };
  const buildArgs = Object.entries(labels).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  await run('docker', 'build', ...buildArgs, '--tag', image, root);
}

/** CycloneDX, from package-lock.json. npm calls the program by the name of the directory. */
async function billOfMaterials(): Promise<string> {
  const options = ['--sbom-format=cyclonedx', '--sbom-type=application', '--omit=dev', '--package-lock-only'];
  const bill = JSON.parse(await run('npm', 'sbom', ...options, '--loglevel=error'));
  bill.metadata.component.name = 'espalier';
  return `${JSON.stringify(bill, null, 2)}\n`;
}

async function checksums(): Promise<string> {
  const names = (await readdir(out)).sort();
  const lines = names.map(async (name) => {
    const hash = createHash('sha256').update(await readFile(join(out, name)));
    return `${hash.digest('hex')}  ${name}\n`;
  });
  return (await Promise.all(lines)).join('');
}

// What is there may be of another version.
await promisify(execFile)(process.execPath, ['esbuild.config.mjs'], {
  cwd: root,
  env: { ...process.env, VERSION: version },
});
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const { helm } = await ensureParts({ progress: createProgress() });
const packages = [];
for (const { dir, repository } of charts) {
  const answer = await run(helm, 'package', join(root, dir), '--version', version, '--app-version', tag, '-d', out);
  packages.push({ repository, path: answer.trim().replace(/^.*: /, '') });
}
const program = [
  'main.mjs',
  ...(await readdir(join(root, 'dist'))).filter((name) => name.endsWith('.cjs')),
  'manifests',
];
await run('tar', '-czf', join(out, `espalier-${version}.tar.gz`), '-C', join(root, 'dist'), ...program);
await writeFile(join(out, `espalier-${version}.cdx.json`), await billOfMaterials());
await writeFile(join(out, 'SHA256SUMS'), await checksums());
// Never one of the same tag that happens to be here.
if (IMAGE || PUSH) await buildImage();
if (PUSH) {
  await run('docker', 'push', image);
  for (const { path, repository } of packages) await run(helm, 'push', path, `oci://${registry}/charts${repository}`);
}
process.stdout.write(`${out}\n`);
