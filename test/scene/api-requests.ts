import { readFileSync } from 'node:fs';
import { createProbe } from '../../landscape/control-plane/probe.ts';
import { kubeconfigAccess } from './kubeconfig-access.ts';

/** Requests that an API server has answered since it started, by `verb group/resource/subresource code`. */
export type ApiRequests = ReadonlyMap<string, number>;

/** Counts from the API server's own metrics, so nothing that reaches it is overlooked. */
export function countRequests(kubeconfig: string): { read(): Promise<ApiRequests>; close(): Promise<void> } {
  const probe = createProbe(kubeconfigAccess(readFileSync(kubeconfig, 'utf8')), 'localhost');
  return {
    read: async () => parse(String((await probe.get('/metrics', { accept: 'text/plain' })).body)),
    close: () => probe.close(),
  };
}

const line = /^apiserver_request_total\{(?<labels>.*)\} (?<count>\S+)$/;

function parse(metrics: string): ApiRequests {
  const counts = new Map<string, number>();
  for (const metric of metrics.split('\n')) {
    const groups = line.exec(metric)?.groups;
    if (!groups?.labels) continue;
    const label = Object.fromEntries(
      [...groups.labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
    );
    const key = `${label.verb} ${[label.group, label.resource, label.subresource].filter(Boolean).join('/')} ${label.code}`;
    counts.set(key, (counts.get(key) ?? 0) + Number(groups.count));
  }
  return counts;
}

const writing = /^(POST|PUT|PATCH|APPLY|DELETE|DELETECOLLECTION) /;
/** Leases are renewed all the time; the API server's own bookkeeping is nobody's write. */
const bookkeeping =
  / (coordination\.k8s\.io|flowcontrol\.apiserver\.k8s\.io|authentication\.k8s\.io|authorization\.k8s\.io|apiregistration\.k8s\.io|internal\.apiserver\.k8s\.io|networking\.k8s\.io|rbac\.authorization\.k8s\.io)\//;

/** What was written between two readings, without leases. */
export function writesBetween(before: ApiRequests, after: ApiRequests): ReadonlyMap<string, number> {
  const writes = new Map<string, number>();
  for (const [key, count] of after) {
    const more = count - (before.get(key) ?? 0);
    if (more > 0 && writing.test(key) && !bookkeeping.test(key)) writes.set(key, more);
  }
  return writes;
}
