import type { KubeObject } from '../../../kube/object.ts';

export const manifestNames = [
  'metallb',
  'firewall-controller',
  'firewall-controller-manager',
  'duros-controller',
  'external-snapshotter',
] as const;

export type ManifestName = (typeof manifestNames)[number];

/** Objects that other projects publish, as `make build` reads them from the pinned Go modules (hack/manifests). */
export type Manifests = Readonly<Record<ManifestName, readonly KubeObject[]>>;

/** Throws when the project has no such object: a new version of it has to be looked at. */
export function published<T extends KubeObject>(objects: readonly KubeObject[], kind: string, name: string): T {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`the manifests have no ${kind} ${name}`);
  return found as T;
}
