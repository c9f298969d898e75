import type { Image, PrefixLengths } from './fixture-schema.ts';

/** A network as metal-api stores it; `consumption` and `usage` are counted when it is answered. */
export interface Network {
  readonly id: string;
  name: string;
  description: string;
  prefixes: string[];
  destinationprefixes: string[];
  readonly nat: boolean;
  readonly privatesuper: boolean;
  readonly underlay: boolean;
  shared: boolean;
  readonly vrf: number | undefined;
  readonly vrfshared: boolean;
  readonly parentnetworkid: string | undefined;
  readonly projectid: string | undefined;
  readonly partitionid: string | undefined;
  labels: Record<string, string>;
  defaultchildprefixlength: PrefixLengths | undefined;
  additionalAnnouncableCIDRs: string[];
  readonly created: string;
  changed: string;
}

export type IpType = 'ephemeral' | 'static';

/** `ipaddress` is also the id. Change tags only through the IpStore, which keeps indexes. */
export interface Ip {
  readonly ipaddress: string;
  readonly allocationuuid: string;
  readonly networkid: string;
  readonly projectid: string;
  readonly parentprefixes: readonly string[];
  type: IpType;
  name: string;
  description: string;
  tags: readonly string[];
  readonly created: string;
  changed: string;
}

export interface MachineNetwork {
  readonly networkid: string;
  readonly ips: readonly string[];
  readonly prefixes: readonly string[];
  readonly destinationprefixes: readonly string[];
  readonly vrf: number;
  readonly asn: number;
  readonly private: boolean;
  readonly underlay: boolean;
  readonly nat: boolean;
  readonly nattypev2: string;
  readonly networktype: string;
  readonly networktypev2: string;
  readonly projectid: string;
}

export type MachineRole = 'machine' | 'firewall';

export interface Allocation {
  readonly allocationuuid: string;
  readonly created: string;
  readonly creator: string;
  readonly name: string;
  description: string;
  readonly hostname: string;
  readonly project: string;
  image: Image;
  readonly filesystemlayoutid: string | undefined;
  readonly networks: readonly MachineNetwork[];
  readonly asn: number;
  readonly role: MachineRole;
  ssh_pub_keys: readonly string[];
  readonly user_data: string;
  readonly placementTags: readonly string[];
  readonly dns_servers: readonly { ip: string }[];
  readonly ntp_servers: readonly { address: string }[];
  readonly firewall_rules: object | undefined;
  succeeded: boolean;
  reinstall: boolean;
}

export interface ProvisioningEvent {
  readonly event: string;
  readonly message: string;
  readonly time: string;
}

export interface Machine {
  readonly id: string;
  readonly name: string;
  description: string;
  readonly partitionid: string;
  readonly sizeid: string;
  readonly rackid: string;
  readonly created: string;
  changed: string;
  tags: string[];
  state: { value: '' | 'RESERVED' | 'LOCKED'; description: string; issuer?: string };
  led: { value: string; description: string };
  liveliness: 'Alive' | 'Dead' | 'Unknown';
  crashLoop: boolean;
  /** Newest first, at most 100. */
  events: ProvisioningEvent[];
  /** Ready to be allocated: its newest event is Waiting. */
  waiting: boolean;
  allocation: Allocation | undefined;
}
