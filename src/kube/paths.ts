import { keyOf, type ObjectKey } from './object.ts';
import { apiVersionOf, type Resource } from './resource.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** `/api/v1/...` for the core group, `/apis/<group>/<version>/...` for all others. All namespaces when none is given. */
export function collectionPath(resource: Resource, namespace?: string): string {
  const root = resource.group ? '/apis' : '/api';
  const scope = resource.namespaced && namespace ? `/namespaces/${segment('namespace', namespace)}` : '';
  return `${root}/${apiVersionOf(resource)}${scope}/${resource.plural}`;
}

/**
 * Throws TypeError for a name or namespace that is missing: the path without it would mean the whole collection.
 */
export function objectPath(resource: Resource, key: ObjectKey, subresource?: string): string {
  const collection = collectionPath(resource, requiredNamespace(resource, key.namespace));
  return `${collection}/${segment('name', key.name)}${subresource ? `/${subresource}` : ''}`;
}

/** The collection that an object is created in. */
export function creationPath(resource: Resource, namespace: string | undefined): string {
  return collectionPath(resource, requiredNamespace(resource, namespace));
}

export function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

/** How errors name a call, e.g. `mergePatch infrastructures.extensions.gardener.cloud/status shoot--a--b/c`. */
export function describeCall(verb: string, resource: Resource, key?: Partial<ObjectKey>, subresource?: string): string {
  const group = resource.group ? `.${resource.group}` : '';
  const what = `${verb} ${resource.plural}${group}${subresource ? `/${subresource}` : ''}`;
  if (key?.name) return `${what} ${keyOf({ namespace: key.namespace, name: key.name })}`;
  return key?.namespace ? `${what} in ${key.namespace}` : what;
}

function requiredNamespace(resource: Resource, namespace: string | undefined): string | undefined {
  if (resource.namespaced && !namespace) throw new TypeError(`${resource.kind} is namespaced: a namespace is needed`);
  return namespace;
}

function segment(what: string, value: string): string {
  if (typeof value !== 'string' || value === '' || value === '.' || value === '..') {
    throw new TypeError(`not a ${what} of an object: ${JSON.stringify(value)}`);
  }
  return encodeURIComponent(value);
}
