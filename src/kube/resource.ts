import type { KubeObject } from './object.ts';

/**
 * A REST resource of the API server. `T` is the shape its objects are read as; nothing is validated here.
 * Declare one constant for each resource used, e.g. `defineResource<Lease>({group: 'coordination.k8s.io', ...})`.
 */
export interface Resource<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Carries the type only; never set. */
  readonly shape?: T;
}

export function defineResource<T extends KubeObject>(resource: Resource<T>): Resource<T> {
  return Object.freeze(resource);
}

export function apiVersionOf(resource: Resource): string {
  return resource.group ? `${resource.group}/${resource.version}` : resource.version;
}
