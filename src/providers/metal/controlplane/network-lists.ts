import type { Clock } from '../../../kube/clock.ts';
import { abortable } from '../../../kube/deadline.ts';
import type { MetalApi } from '../metal-api/client.ts';
import type { Network } from '../metal-api/types.ts';

/**
 * All networks of a metal-api by id, shared by reconciles that run at about the same time. A list in which one of `ids` is
 * missing does not count: the network may have been made since.
 */
export type NetworkLists = (
  api: MetalApi,
  ids: readonly string[],
  signal: AbortSignal,
) => Promise<ReadonlyMap<string, Network>>;

interface Listing {
  readonly startedAt: number;
  readonly networks: Promise<ReadonlyMap<string, Network>>;
}

export function createNetworkLists(clock: Clock, freshMs = 5_000): NetworkLists {
  const listings = new WeakMap<MetalApi, Listing>();

  /** Without the signal of a caller: the list is for others, too. */
  const startedSince = (api: MetalApi, since: number): Promise<ReadonlyMap<string, Network>> => {
    const known = listings.get(api);
    if (known && known.startedAt >= since) return known.networks;
    const listing: Listing = {
      startedAt: clock.monotonic(),
      networks: api.findNetworks({}).then((networks) => new Map(networks.map((network) => [network.id, network]))),
    };
    listings.set(api, listing);
    listing.networks.catch(() => {
      if (listings.get(api) === listing) listings.delete(api);
    });
    return listing.networks;
  };

  return async (api, ids, signal) => {
    const now = clock.monotonic();
    const networks = await abortable(startedSince(api, now - freshMs), signal);
    if (ids.every((id) => networks.has(id))) return networks;
    return abortable(startedSince(api, now), signal);
  };
}
