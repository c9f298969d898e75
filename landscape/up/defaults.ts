/** A field that was set by others than the user. */
export interface DefaultedField {
  readonly path: string;
  readonly value: unknown;
}

/** Where admission sets defaults; below them Gardener sets none. */
const places: readonly string[] = [
  'spec.kubernetes.kubelet.maxPods',
  'spec.networking.pods',
  'spec.networking.providerConfig',
  'spec.networking.services',
  'spec.networking.type',
  'spec.provider.infrastructureConfig',
];

/** The fields of what was stored that were not in what was applied, where admission sets defaults. */
export function defaultsOf(applied: unknown, stored: unknown): DefaultedField[] {
  const given = new Set(leavesOf(applied).map(({ path }) => path));
  return leavesOf(stored).filter(({ path }) => !given.has(path) && places.some((place) => isAt(path, place)));
}

const isAt = (path: string, place: string): boolean => path === place || path.startsWith(`${place}.`);

/** Fields whose values are no objects; a list is one value. */
function leavesOf(value: unknown, path = ''): DefaultedField[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, path ? `${path}.${name}` : name));
}
