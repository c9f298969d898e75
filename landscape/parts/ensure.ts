import { join } from 'node:path';
import { type EnsureOptions, isExecutable, openCache } from './cache.ts';
import { assetNames, catalog, type Part, type PartName, type Parts, promtool } from './catalog.ts';
import { pinsDir, promtoolDir } from './go.ts';

/** The part in the directory that KUBEBUILDER_ASSETS names. */
async function fromAssets(dir: string, name: PartName): Promise<string> {
  const path = join(dir, name);
  if (await isExecutable(path)) return path;
  throw new Error(`KUBEBUILDER_ASSETS is ${dir}, which has no executable ${name}`);
}

/** The paths of all parts; what is missing is built, one after the other (go itself uses all cores). */
export async function ensureParts(options: EnsureOptions): Promise<Parts> {
  const assets = (options.env ?? process.env).KUBEBUILDER_ASSETS;
  const cache = await openCache('parts', pinsDir, catalog, options);
  const parts: Partial<Record<PartName, string>> = {};
  for (const part of catalog as readonly Part[]) {
    const { name } = part;
    parts[name] = assets && assetNames.has(name) ? await fromAssets(assets, name) : await cache.ensure(part);
  }
  return parts as Parts;
}

/** The path of promtool, which is built when it is missing. No landscape needs it. */
export async function ensurePromtool(options: EnsureOptions): Promise<string> {
  return (await openCache('promtool', promtoolDir, [promtool], options)).ensure(promtool);
}
