import { Buffer } from 'node:buffer';
import type { KubeClient } from '../../src/kube/client.ts';
import { configMaps } from '../../src/kube/config-map.ts';
import { secrets } from '../../src/kube/secret.ts';
import type { KeyToPath, PodSpec, Volume } from './pod-spec.ts';

/** A Secret or ConfigMap that a pod names. */
export interface Reference {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  readonly optional?: boolean | undefined;
}

/** What is in a volume: whole Secrets and ConfigMaps, or chosen keys. */
export interface Projection extends Reference {
  readonly items?: readonly KeyToPath[] | undefined;
}

type Content = Readonly<Record<string, Buffer>>;

/** Content of what there is, by `Kind/name`. */
export type Sources = ReadonlyMap<string, Content>;

/** @throws when it is not there and has to be: the pod waits for it, as kubelet does */
export function contentOf(sources: Sources, { kind, name, optional }: Reference): Content {
  const content = sources.get(`${kind}/${name}`);
  if (content) return content;
  if (optional) return {};
  throw new Error(`${kind} ${name} does not exist`);
}

/** Of an emptyDir, or a volume that needs a node: none. */
export function projectionsOf({ secret, configMap, projected }: Volume): Projection[] {
  const found: Projection[] = (projected?.sources ?? []).flatMap((source) => [
    ...(source.secret ? [{ kind: 'Secret' as const, ...source.secret }] : []),
    ...(source.configMap ? [{ kind: 'ConfigMap' as const, ...source.configMap }] : []),
  ]);
  if (secret) found.push({ ...secret, kind: 'Secret', name: secret.secretName });
  if (configMap) found.push({ ...configMap, kind: 'ConfigMap' });
  return found;
}

export function referencesOf({ containers, volumes = [] }: PodSpec): Reference[] {
  const ofEnv = containers.flatMap(({ env = [] }) =>
    env.flatMap(({ valueFrom }): Reference[] => [
      ...(valueFrom?.secretKeyRef ? [{ ...valueFrom.secretKeyRef, kind: 'Secret' as const }] : []),
      ...(valueFrom?.configMapKeyRef ? [{ ...valueFrom.configMapKeyRef, kind: 'ConfigMap' as const }] : []),
    ]),
  );
  return [...ofEnv, ...volumes.flatMap(projectionsOf)];
}

/** The files of a volume, by path in it. */
export function filesOf(volume: Volume, sources: Sources): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const projection of projectionsOf(volume)) {
    const content = contentOf(sources, projection);
    const items = projection.items ?? Object.keys(content).map((key) => ({ key, path: key }));
    for (const { key, path } of items) {
      const bytes = content[key];
      if (bytes) files.set(path, bytes);
      else if (!projection.optional) throw new Error(`${projection.kind} ${projection.name} has no ${key}`);
    }
  }
  return files;
}

/** What is not there is left out. */
export async function readSources(
  client: KubeClient,
  namespace: string,
  references: readonly Reference[],
  signal: AbortSignal,
): Promise<Sources> {
  const sources = new Map<string, Content>();
  await Promise.all(
    references.map(async ({ kind, name }) => {
      const isSecret = kind === 'Secret';
      const found = await client.find(isSecret ? secrets : configMaps, { namespace, name }, { signal });
      if (!found) return;
      const entries = Object.entries(found.data ?? {});
      const encoding = isSecret ? 'base64' : 'utf8';
      sources.set(
        `${kind}/${name}`,
        Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, encoding)])),
      );
    }),
  );
  return sources;
}
