import { poll } from '../processes/poll.ts';
import { answersOk, type Probe } from './probe.ts';

const ACCEPT = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

interface Discovery {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      readonly freshness?: string;
      readonly resources?: readonly unknown[];
    }[];
  }[];
}

/** The group versions (`group/version`) that the aggregated discovery knows with their resources. */
export function discovered(body: unknown): Set<string> {
  const found = new Set<string>();
  for (const { metadata, versions = [] } of (body as Discovery).items ?? []) {
    for (const { version, freshness, resources = [] } of versions) {
      if (freshness === 'Current' && resources.length > 0) found.add(`${metadata?.name}/${version}`);
    }
  }
  return found;
}

/** The API server passes calls on to who serves them. */
async function untilAnswering(probe: Probe, groupVersion: string, signal: AbortSignal): Promise<void> {
  const what = `API group ${groupVersion}`;
  await poll(answersOk(probe, `/apis/${groupVersion}`), { what, intervalMs: 100, timeoutMs: 60_000, signal });
}

/** The document that clients map kinds to resources by is put together in the background, some time after that. */
async function untilDiscovered(probe: Probe, groupVersions: readonly string[], signal: AbortSignal): Promise<void> {
  await poll(
    async (attempt) => {
      const found = discovered((await probe.get('/apis', { accept: ACCEPT, signal: attempt })).body);
      const missing = groupVersions.filter((groupVersion) => !found.has(groupVersion));
      if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
      return true;
    },
    { what: 'discovery of the API groups', intervalMs: 100, timeoutMs: 60_000, signal },
  );
}

/** Waits until these group versions (`group/version`) answer, and kubectl finds them. */
export async function untilServed(probe: Probe, groupVersions: readonly string[], signal: AbortSignal): Promise<void> {
  await Promise.all(groupVersions.map((groupVersion) => untilAnswering(probe, groupVersion, signal)));
  await untilDiscovered(probe, groupVersions, signal);
}
