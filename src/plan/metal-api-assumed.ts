import type { GardenShoot } from './gardenlet/garden-shoot.ts';
import type { MetalApiState } from './metal-api.ts';

interface Written {
  readonly projectID?: unknown;
  readonly partitionID?: unknown;
  readonly firewall?: {
    readonly networks?: readonly unknown[];
    readonly egressRules?: readonly { readonly networkID?: unknown; readonly ips?: readonly unknown[] }[];
  };
}

/** A metal-api that has what the Shoot names: networks of the firewall, free egress IPs, and a node network of its own. */
export function assumedMetalApi(shoot: GardenShoot, assume: (what: string) => void): MetalApiState {
  const { projectID, partitionID, firewall } = (shoot.spec.provider.infrastructureConfig ?? {}) as Written;
  const ids = texts(firewall?.networks);
  const egress = (firewall?.egressRules ?? []).flatMap(({ networkID, ips }) =>
    texts(ips).map((address) => ({ networkid: text(networkID), address })),
  );
  const nodes = shoot.spec.networking?.nodes;
  if (ids.length > 0) assume(`metal-api has the networks ${ids.join(', ')}`);
  if (egress.length > 0) assume(`the project has the unused IPs ${egress.map(({ address }) => address).join(', ')}`);
  if (nodes) assume(`the project has a private network ${nodes}`);
  const blank = { description: undefined, labels: {}, created: undefined };
  const external = { ...blank, prefixes: [], projectid: undefined, partitionid: undefined };
  const own = { ...blank, prefixes: [nodes ?? ''], projectid: text(projectID), partitionid: text(partitionID) };
  return {
    networks: [...ids.map((id) => ({ id, ...external })), ...(nodes ? [{ id: '<given>', ...own }] : [])],
    ips: egress.map(({ networkid, address }) => ({
      ipaddress: address,
      networkid,
      projectid: text(projectID),
      type: 'static',
      tags: [],
    })),
    machines: [],
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const texts = (values: readonly unknown[] | undefined): string[] =>
  (values ?? []).flatMap((value) => text(value) ?? []);
