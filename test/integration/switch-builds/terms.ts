import type { KubeClient } from '../../../src/kube/client.ts';
import { leases } from '../../../src/kube/lease.ts';
import type { ObjectKey } from '../../../src/kube/object.ts';

/** Who holds a lease: process ids, and '' while nobody does. */
export interface Terms extends AsyncDisposable {
  readonly holders: readonly string[];
}

/** Follows it from now on. The holder of the moment comes first. */
export async function followTerms(client: KubeClient, key: ObjectKey & { namespace: string }): Promise<Terms> {
  const stop = new AbortController();
  const { metadata, spec } = await client.get(leases, key);
  const holders = [pidOf(spec?.holderIdentity)];
  const follow = async (): Promise<void> => {
    const options = { ...key, fieldSelector: `metadata.name=${key.name}`, signal: stop.signal };
    const resourceVersion = metadata.resourceVersion ?? '';
    for await (const { type, object } of client.watch(leases, { ...options, resourceVersion })) {
      if (type === 'BOOKMARK') continue;
      const holder = pidOf(object.spec?.holderIdentity);
      if (holder !== holders.at(-1)) holders.push(holder);
    }
  };
  const followed = follow().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return {
    holders,
    async [Symbol.asyncDispose]() {
      stop.abort(new Error('enough'));
      await followed;
    },
  };
}

const pidOf = (identity = ''): string => /_proc-[0-9a-f]+-(\d+)-/.exec(identity)?.[1] ?? identity;
