import type { FilesystemLayout, Fixture, Image, Partition, Project, Size } from './fixture-schema.ts';
import { IpStore } from './ip/store.ts';
import type { Machine, Network } from './model.ts';
import { IntegerPool } from './network/integer-pool.ts';
import { Ipam } from './network/ipam.ts';

/** metal-api's pools of VRFs and of ASN offsets hold the same range. */
const POOL_LAST = 131_072;

/** Everything metal-api stores. Handlers change it synchronously, so that each call is atomic. */
export interface State {
  readonly projects: Map<string, Project>;
  readonly partitions: Map<string, Partition>;
  readonly sizes: Map<string, Size>;
  readonly images: Map<string, Image>;
  readonly filesystemLayouts: Map<string, FilesystemLayout>;
  readonly networks: Map<string, Network>;
  readonly ips: IpStore;
  readonly machines: Map<string, Machine>;
  readonly ipam: Ipam;
  readonly vrfs: IntegerPool;
  readonly asns: IntegerPool;
}

const byId = <T extends { readonly id: string }>(items: readonly T[]): Map<string, T> =>
  new Map(items.map((item) => [item.id, item]));

/** The state without networks, IPs and machines: those go through the rules of their endpoints. */
export function emptyState(fixture: Fixture): State {
  return {
    projects: byId(fixture.projects),
    partitions: byId(fixture.partitions),
    sizes: byId(fixture.sizes),
    images: byId(fixture.images),
    filesystemLayouts: byId(fixture.filesystemLayouts),
    networks: new Map(),
    ips: new IpStore(),
    machines: new Map(),
    ipam: new Ipam(),
    vrfs: new IntegerPool(1, POOL_LAST),
    asns: new IntegerPool(1, POOL_LAST),
  };
}
