import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentProgress } from '../progress.ts';
import { assetNames, catalog, linkerFlags, pinnedVersion } from './catalog.ts';
import { ensureParts, ensurePromtool } from './ensure.ts';
import { isOlder, pinsDir, promtoolDir } from './go.ts';
import { patched } from './patch.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'parts-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('every part comes from a module that go.mod pins', async () => {
  const goMod = await readFile(join(pinsDir, 'go.mod'), 'utf8');
  for (const { module } of catalog) expect(pinnedVersion(goMod, module)).toMatch(/^v\d+\.\d+\.\d+$/);
  expect(() => pinnedVersion(goMod, 'example.org/absent')).toThrow('go.mod requires no example.org/absent');
});

test('the version is what the part calls itself', () => {
  expect(linkerFlags('v1.35.4')).toBe(
    '-s -w -X k8s.io/component-base/version.gitVersion=v1.35.4 ' +
      '-X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=35',
  );
});

test.each([
  ['go1.26.0', '1.26.0', false],
  ['go1.26', '1.26.0', false],
  ['go1.27.1', '1.26.3', false],
  ['go1.26.2', '1.26.3', true],
  ['go1.9.9', '1.26.0', true],
])('%s is older than %s: %s', (version, wanted, expected) => {
  expect(isOlder(version, wanted)).toBe(expected);
});

describe('a patch', () => {
  const patch = { file: 'main.go', find: '9443', replace: 'port()' };

  test('replaces one place', () => {
    expect(patched('listen(9443)', patch)).toBe('listen(port())');
  });

  test.each(['listen(8443)', 'listen(9443, 9443)'])('does not guess: %s', (source) => {
    expect(() => patched(source, patch)).toThrow('main.go does not have "9443" exactly once');
  });
});

/** A go command that writes its last arguments into the file that it is to build. */
async function fakeGo(script: string): Promise<NodeJS.ProcessEnv> {
  const module = join(dir, 'module');
  const answers = { env: 'echo go1.99.0', list: `echo ${module}`, mod: 'true' };
  const lines = Object.entries(answers).map(([name, answer]) => `[ "$1" = ${name} ] && ${answer} && exit`);
  await writeFile(join(dir, 'go'), `#!/bin/sh\n${lines.join('\n')}\n${script}\n`);
  await mkdir(module, { recursive: true });
  for (const part of catalog) {
    if ('patch' in part) await writeFile(join(module, part.patch.file), part.patch.find);
  }
  await chmod(join(dir, 'go'), 0o755);
  return { PATH: `${dir}:/usr/bin:/bin`, XDG_CACHE_HOME: join(dir, 'cache') };
}

const BUILD = 'while [ "$1" != -o ]; do shift; done; echo "$3" > "$2"; chmod +x "$2"';

async function cached(): Promise<string[]> {
  const [own = ''] = await readdir(join(dir, 'cache', 'espalier'));
  return (await readdir(join(dir, 'cache', 'espalier', own))).sort();
}

describe('ensureParts', () => {
  const names = catalog.map(({ name }) => name).sort();

  test('builds once, also when two ask at the same time', async () => {
    const env = await fakeGo(`echo build >> ${dir}/builds; ${BUILD}`);
    const [one, other] = await Promise.all([1, 2].map(() => ensureParts({ progress: silentProgress, env })));
    expect(one).toEqual(other);
    expect(await cached()).toEqual(names);
    expect(await readFile(one?.etcd ?? '', 'utf8')).toBe('go.etcd.io/etcd/server/v3\n');
    const builds = await readFile(join(dir, 'builds'), 'utf8');
    await ensureParts({ progress: silentProgress, env });
    expect(await readFile(join(dir, 'builds'), 'utf8')).toBe(builds);
  });

  test('a build that fails says why and leaves nothing', async () => {
    const env = await fakeGo(`${BUILD}; echo 'no space left on device' >&2; exit 1`);
    const built = ensureParts({ progress: silentProgress, env });
    await expect(built).rejects.toThrow('go build go.etcd.io/etcd/server/v3: no space left on device');
    expect(await cached()).toEqual([]);
  });

  test('an abort ends the build with its reason', async () => {
    const abort = new AbortController();
    const env = await fakeGo('echo package >&2; exec sleep 60');
    const progress = {
      ...silentProgress,
      step: () => ({ ...silentProgress.step(''), update: () => abort.abort(new Error('interrupted')) }),
    };
    await expect(ensureParts({ progress, env, signal: abort.signal })).rejects.toThrow('interrupted');
  });

  test('says what to do without Go, and with one that is too old', async () => {
    await expect(ensureParts({ progress: silentProgress, env: { PATH: dir } })).rejects.toThrow('install Go');
    const env = await fakeGo('');
    await writeFile(join(dir, 'go'), '#!/bin/sh\necho go1.20.1\n');
    await expect(ensureParts({ progress: silentProgress, env })).rejects.toThrow(
      /or newer is needed, this is go1.20.1/,
    );
  });

  test('KUBEBUILDER_ASSETS replaces the Kubernetes parts, and must have them', async () => {
    const env = { ...(await fakeGo(BUILD)), KUBEBUILDER_ASSETS: dir };
    await expect(ensureParts({ progress: silentProgress, env })).rejects.toThrow('has no executable etcd');
    for (const name of ['etcd', 'kube-apiserver', 'kubectl']) await writeFile(join(dir, name), '', { mode: 0o755 });
    const parts = await ensureParts({ progress: silentProgress, env });
    expect(parts).toMatchObject({ etcd: join(dir, 'etcd'), kubectl: join(dir, 'kubectl') });
    expect(await cached()).toEqual(names.filter((name) => !assetNames.has(name)));
  });

  test('promtool is built from pins of its own, without clouds', async () => {
    const env = await fakeGo(`echo "$PWD $*" >> ${dir}/builds; ${BUILD}`);
    const path = await ensurePromtool({ progress: silentProgress, env });
    expect(path).toMatch(/promtool-[0-9a-f]{16}\/promtool$/);
    const build = await readFile(join(dir, 'builds'), 'utf8');
    expect(build.startsWith(`${promtoolDir} build `)).toBe(true);
    expect(build).toContain(' -tags remove_all_sd ');
    await ensurePromtool({ progress: silentProgress, env });
    expect(await readFile(join(dir, 'builds'), 'utf8')).toBe(build);
  });
});
