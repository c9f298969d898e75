import type { ListOptions, ObjectList } from './client.ts';
import { isExpired } from './errors.ts';
import type { KubeObject } from './object.ts';
import { collectionPath, describeCall, withQuery } from './paths.ts';
import { apiVersionOf, type Resource } from './resource.ts';
import type { Transport } from './transport.ts';

interface ListBody<T> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  /** Go writes null for no items. */
  readonly items?: T[] | null;
}

const defaultPageSize = 500;

/**
 * All pages, which the server answers from one state. When that state expires between two pages, everything is listed
 * again in one answer. `timeoutMs` is for each page.
 */
export async function listPages<T extends KubeObject>(
  transport: Transport,
  resource: Resource<T>,
  options: ListOptions,
  timeoutMs: number,
): Promise<ObjectList<T>> {
  const page = pageReader(transport, resource, options, timeoutMs);
  const limit = options.pageSize ?? defaultPageSize;
  const first = await page({ limit, resourceVersion: options.resourceVersion });
  const items = itemsOf(resource, first);
  let token = first.metadata?.continue;
  try {
    while (token) {
      const next: ListBody<T> = await page({ limit, continue: token });
      for (const item of itemsOf(resource, next)) items.push(item);
      token = next.metadata?.continue;
    }
  } catch (error) {
    if (!isExpired(error)) throw error;
    const whole = await page({ resourceVersion: options.resourceVersion });
    return { resourceVersion: whole.metadata?.resourceVersion ?? '', items: itemsOf(resource, whole) };
  }
  return { resourceVersion: first.metadata?.resourceVersion ?? '', items };
}

interface PageQuery {
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string | undefined;
}

function pageReader<T extends KubeObject>(
  transport: Transport,
  resource: Resource<T>,
  options: ListOptions,
  timeoutMs: number,
): (query: PageQuery) => Promise<ListBody<T>> {
  const { namespace, labelSelector, fieldSelector, signal } = options;
  const collection = collectionPath(resource, namespace);
  const call = describeCall('list', resource, { namespace });
  return async (query) => {
    const path = withQuery(collection, { labelSelector, fieldSelector, ...query });
    return (await transport.call({ call, method: 'GET', path, idempotent: true }, timeoutMs, signal)) as ListBody<T>;
  };
}

/** The server leaves out apiVersion and kind of a list's items. They are fresh from the parser, so they are filled in place. */
function itemsOf<T extends KubeObject>(resource: Resource<T>, body: ListBody<T>): T[] {
  const items = body.items ?? [];
  const apiVersion = apiVersionOf(resource);
  for (const item of items) {
    item.apiVersion ??= apiVersion;
    item.kind ??= resource.kind;
  }
  return items;
}
