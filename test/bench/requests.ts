import { type ApiRequests, writesBetween } from '../scene/api-requests.ts';

/** What the API server was asked between two readings. */
export interface RequestCounts {
  readonly writes: number;
  readonly reads: number;
  readonly conflicts: number;
}

const reading = /^(GET|LIST) /;
/** Of the API server itself: its leases and roles, its configuration, the addresses of its own Service. */
const bookkeeping =
  / ((coordination\.k8s\.io|flowcontrol\.apiserver\.k8s\.io|rbac\.authorization\.k8s\.io|networking\.k8s\.io|discovery\.k8s\.io)\/|(services|endpoints|namespaces|nodes|resourcequotas|limitranges|serviceaccounts) | \d)/;

export function requestsBetween(before: ApiRequests, after: ApiRequests): RequestCounts {
  const writes = writesBetween(before, after);
  const reads = [...after].map(([key, count]): [string, number] => [key, count - (before.get(key) ?? 0)]);
  return {
    writes: sum(writes),
    reads: sum(reads.filter(([key, count]) => count > 0 && reading.test(key) && !bookkeeping.test(key))),
    conflicts: sum([...writes].filter(([key]) => key.endsWith(' 409'))),
  };
}

const sum = (counts: Iterable<readonly [string, number]>): number => [...counts].reduce((a, [, b]) => a + b, 0);
