import type { ListOptions, ObjectList } from './client.ts';
import type { Clock } from './clock.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { isExpired } from './errors.ts';
import type { KubeObject } from './object.ts';
import { collectionPath, describeCall, withQuery } from './paths.ts';
import { apiVersionOf, type Resource } from './resource.ts';
import type { Transport } from './transport.ts';
import { deadlineError } from './transport-error.ts';

interface ListBody<T> {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  /** Go writes null for no items. */
  readonly items?: T[] | null;
}

const defaultPageSize = 500;

/**
 * All pages, which the server answers from one state. When that state expires between two pages, everything is listed
 * again in one answer. `timeoutMs` is for all of it.
 */
export async function listPages<T extends KubeObject>(
  transport: Transport,
  clock: Clock,
  resource: Resource<T>,
  options: ListOptions,
  timeoutMs: number,
): Promise<ObjectList<T>> {
  const call = describeCall('list', resource, { namespace: options.namespace });
  const deadline = startDeadline(clock, timeoutMs, () => deadlineError(call, timeoutMs), options.signal);
  try {
    return await followPages(resource, options, pageReader(transport, call, resource, options, deadline));
  } finally {
    deadline.end();
  }
}

type ReadPage<T> = (query: PageQuery) => Promise<ListBody<T>>;

async function followPages<T extends KubeObject>(
  resource: Resource<T>,
  options: ListOptions,
  page: ReadPage<T>,
): Promise<ObjectList<T>> {
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

/** Beyond the deadline of the whole list, so that it is that one which is told of. */
const laterMs = 100;

function pageReader<T extends KubeObject>(
  transport: Transport,
  call: string,
  resource: Resource<T>,
  options: ListOptions,
  deadline: Deadline,
): ReadPage<T> {
  const { namespace, labelSelector, fieldSelector } = options;
  const collection = collectionPath(resource, namespace);
  return async (query) => {
    const path = withQuery(collection, { labelSelector, fieldSelector, ...query });
    const request = { call, method: 'GET', path, idempotent: true } as const;
    return (await transport.call(request, deadline.left() + laterMs, deadline.signal)) as ListBody<T>;
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
