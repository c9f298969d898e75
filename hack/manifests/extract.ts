import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';
import { pinnedVersion } from '../../landscape/parts/catalog.ts';
import { go, pinsDir } from '../../landscape/parts/go.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { type ManifestName, manifestNames } from '../../src/providers/metal/manifests/manifests.ts';

interface Source {
  /** Directory of the go.mod that pins the module. */
  readonly pins: string;
  readonly module: string;
  /** The files in the module. */
  readonly files: { readonly directory: string; readonly named: RegExp };
}

const pins = import.meta.dirname;

const sources: Readonly<Record<ManifestName, Source>> = {
  metallb: {
    pins,
    module: 'go.universe.tf/metallb',
    files: { directory: 'config/manifests', named: /^metallb-native\.yaml$/ },
  },
  'firewall-controller': {
    pins,
    module: 'github.com/metal-stack/firewall-controller/v2',
    files: { directory: 'config/crd/bases', named: /\.yaml$/ },
  },
  'firewall-controller-manager': {
    pins: pinsDir,
    module: 'github.com/metal-stack/firewall-controller-manager',
    files: { directory: 'config/crds', named: /\.yaml$/ },
  },
  'duros-controller': {
    pins,
    module: 'github.com/metal-stack/duros-controller',
    files: { directory: 'config/crd/bases', named: /\.yaml$/ },
  },
  'external-snapshotter': {
    pins,
    module: 'github.com/kubernetes-csi/external-snapshotter/client/v8',
    files: { directory: 'config/crd', named: /^snapshot\.storage\.k8s\.io_/ },
  },
};

/**
 * The directory of the pinned version. It is asked for by its version, so that Go does not load what the modules
 * require: nothing of that is used. go.sum beside the go.mod says what the module must be.
 */
async function download(source: Source): Promise<string> {
  const version = pinnedVersion(await readFile(join(source.pins, 'go.mod'), 'utf8'), source.module);
  const options = { module: source.pins };
  const module = `${source.module}@${version}`;
  // With -json Go would say on its standard output what went wrong.
  await go(['mod', 'download', module], options);
  const { Dir } = JSON.parse(await go(['mod', 'download', '-json', module], options)) as { readonly Dir: string };
  return Dir;
}

/** What controller-gen leaves in: nobody may apply it. */
function withoutStatus(object: KubeObject & { status?: unknown }): KubeObject {
  const { status: _, metadata, ...rest } = object;
  const { creationTimestamp: __, ...named } = metadata;
  return { ...rest, metadata: named };
}

async function read(source: Source): Promise<readonly KubeObject[]> {
  const directory = join(await download(source), source.files.directory);
  const names = (await readdir(directory)).filter((name) => source.files.named.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
  return texts
    .flatMap((text) => loadAll(text) as (KubeObject | null)[])
    .filter((object) => object !== null)
    .map(withoutStatus);
}

const target = fileURLToPath(new URL('../../dist/manifests', import.meta.url));
await mkdir(target, { recursive: true });
for (const name of manifestNames) {
  const objects = await read(sources[name]);
  if (objects.length === 0) throw new Error(`${sources[name].module} has no manifests where it had them`);
  await writeFile(join(target, `${name}.json`), JSON.stringify(objects));
}
