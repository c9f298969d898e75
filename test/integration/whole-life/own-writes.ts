const line = /^rest_client_requests_total\{(?<labels>[^}]*)\} (?<count>\d+)/gm;

/** Requests of the process whose /metrics this is, by method and code. */
function requestsOf(metrics: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { groups } of metrics.matchAll(line)) {
    const label = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(groups?.labels ?? '')?.[1];
    const key = `${label('method')} ${label('code')}`;
    counts.set(key, (counts.get(key) ?? 0) + Number(groups?.count));
  }
  return counts;
}

/** What it has written between two readings. Leases are renewed with PUT, nothing else is. */
export function writesBetween(before: string, after: string): Record<string, number> {
  const old = requestsOf(before);
  const more = [...requestsOf(after)].map(([key, count]) => [key, count - (old.get(key) ?? 0)] as const);
  return Object.fromEntries(more.filter(([key, count]) => count > 0 && /^(POST|PATCH|DELETE) /.test(key)));
}
