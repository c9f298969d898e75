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

/** Waits until the API server passes calls for these group versions (`group/version`) on to who serves them. */
export async function untilAnswering(
  probe: Probe,
  groupVersions: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const wait = (groupVersion: string) =>
    poll(answersOk(probe, `/apis/${groupVersion}`), {
      what: `API group ${groupVersion}`,
      intervalMs: 100,
      timeoutMs: 60_000,
      signal,
    });
  await Promise.all(groupVersions.map(wait));
}

/**
 * Waits until kubectl, and every client that maps kinds to resources, finds these group versions. The document that
 * they read is put together in the background, some time after the group itself answers.
 */
export async function untilDiscovered(
  probe: Probe,
  groupVersions: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
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
