import type { ManagedSecret } from '../../secrets.ts';
import type { Images } from '../images.ts';
import type { Manifests } from '../manifests/manifests.ts';

export type NetworkAccess = 'baseline' | 'restricted' | 'forbidden';

/**
 * Everything that the objects of a ControlPlane are made from: what was written, what was observed, what was decided. From
 * here on all is pure.
 */
export interface ControlPlaneModel {
  /** Of the control plane in the seed; also the cluster's name at metal-api. */
  readonly namespace: string;
  /** UID of the Shoot. */
  readonly clusterID: string;
  readonly projectID: string;
  readonly partitionID: string;
  readonly metalApi: {
    readonly url: string;
    /** Which key of the Secret `cloudprovider` holds the credentials. */
    readonly credentials: 'metalAPIHMac' | 'metalAPIKey';
  };
  /** The private network of the nodes at metal-api. */
  readonly nodeNetworkID: string;
  /** Never empty, the primary family first. */
  readonly nodeCIDRs: readonly string[];
  /** External networks of the firewall, in the user's order. */
  readonly firewallNetworks: readonly string[];
  /** Network of load-balancer addresses; empty for none. */
  readonly defaultExternalNetwork: string;
  readonly loadBalancer: 'metallb' | 'cilium';
  /** In authorized_keys format; absent without SSH access to the nodes. */
  readonly ssh: { readonly publicKey: string; readonly secretName: string } | undefined;
  /** `https://...` of the seed's API server, reachable from firewalls. */
  readonly seedApiUrl: string;
  /** `https://...` of the shoot's API server, reachable from firewalls. */
  readonly shootApiUrl: string;
  /** Addresses, or the name, of the shoot's API server as nodes see it; none while the shoot hibernates. */
  readonly apiServerAddresses: readonly string[];
  readonly networkAccess: NetworkAccess;
  /** What an isolated cluster may reach; present unless the access is baseline. */
  readonly isolation: NetworkIsolation | undefined;
  /** Go durations. */
  readonly firewallTimeouts: { readonly health: string | undefined; readonly create: string | undefined };
  /** It hibernates, and its API server is down. */
  readonly scaledDown: boolean;
  readonly featureGates: Readonly<Record<string, boolean>>;
  /** csi-lvm; undefined where it is switched off. */
  readonly csiLvm: { readonly isDefault: boolean } | undefined;
  readonly duros: DurosModel | undefined;
  /** Where pods of the control plane may reach the ingress controller, if that is restricted. */
  readonly ingressController:
    | { readonly namespace: string; readonly podSelector: Readonly<Record<string, string>> }
    | undefined;
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  readonly images: Images;
  readonly manifests: Manifests;
  readonly genericKubeconfigSecret: string;
  /** By name of the config; see secrets.ts. */
  readonly secrets: ReadonlyMap<string, ManagedSecret>;
  readonly bundles: ReadonlyMap<string, ManagedSecret>;
  readonly checksums: ReadonlyMap<string, string>;
}

/** Addresses, without a prefix length. */
export interface NetworkIsolation {
  readonly dnsServers: readonly string[];
  readonly ntpServers: readonly string[];
  readonly registryMirrors: readonly { readonly name: string; readonly ip: string; readonly port: number }[];
  readonly allowedNetworks: { readonly ingress: readonly string[]; readonly egress: readonly string[] };
}

/** The storage of a partition that the shoot may use. Keys and tokens are secrets. */
export interface DurosModel {
  /** `address:port` each. */
  readonly endpoints: readonly string[];
  readonly adminKey: string;
  readonly adminToken: string;
  readonly apiEndpoint: string;
  readonly apiCA: string | undefined;
  readonly apiCertificate: { readonly cert: string; readonly key: string } | undefined;
  readonly storageClasses: readonly {
    readonly name: string;
    readonly replicas: number;
    readonly compression: boolean;
    readonly encryption: boolean;
    readonly default: boolean;
  }[];
}
