import * as z from 'zod';

const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);
const list = z
  .array(z.string())
  .nullish()
  .transform((items) => items ?? []);

/** A network as metal-api answers it; only what is read (metal-components G.5). */
export const network = z.object({
  id: z.string().min(1),
  prefixes: list,
  projectid: optionalText,
  partitionid: optionalText,
  description: optionalText,
  labels: z
    .record(z.string(), z.string())
    .nullish()
    .transform((labels) => labels ?? {}),
  /** RFC 3339. */
  created: optionalText,
  parentnetworkid: z.string().nullish(),
  /** Private networks of projects are allocated from it. */
  privatesuper: z.boolean().nullish(),
});
export type Network = z.output<typeof network>;

/** An IP as metal-api answers it. Its id is the address. */
export const ip = z.object({
  ipaddress: z.string().min(1),
  networkid: optionalText,
  projectid: optionalText,
  type: z.string(),
  tags: list,
  /** RFC 3339. */
  created: z.string().nullish(),
});
export type Ip = z.output<typeof ip>;

/** A machine or firewall as metal-api answers it. Without an allocation it waits in the pool. */
export const machine = z.object({
  id: z.string().min(1),
  tags: list,
  partition: z.object({ id: optionalText }).nullish(),
  allocation: z
    .object({
      project: optionalText,
      role: optionalText,
      hostname: optionalText,
      /** RFC 3339. */
      created: optionalText,
    })
    .nullish()
    .transform((allocation) => allocation ?? undefined),
});
export type Machine = z.output<typeof machine>;

/** An image or a size. */
export const named = z.object({ id: z.string().min(1) });
export type Named = z.output<typeof named>;

/** An empty list may be null, but never missing: no answer at all must not pass for "there is none". */
export const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullable()
    .transform((items) => items ?? []);

export const health = z.object({ status: z.string(), message: optionalText });
export type Health = z.output<typeof health>;

export type AddressFamily = 'IPv4' | 'IPv6';

/** Conditions are ANDed; every label given must be on the network. */
export interface NetworkFind {
  readonly id?: string;
  readonly projectid?: string;
  readonly partitionid?: string;
  readonly prefixes?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

export interface NetworkAllocate {
  readonly projectid: string;
  readonly partitionid: string;
  readonly name: string;
  readonly description?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Absent: one prefix for each family of the parent network. */
  readonly addressfamily?: AddressFamily;
}

/** Conditions are ANDed; every tag given must be on the IP exactly. */
export interface IpFind {
  readonly ipaddress?: string;
  readonly projectid?: string;
  readonly networkid?: string;
  readonly type?: 'static' | 'ephemeral';
  readonly tags?: readonly string[];
}

export interface IpUpdate {
  readonly ipaddress: string;
  /** As it is: metal-api requires the field. */
  readonly type: string;
  /** All tags that it shall have; an empty list clears them. */
  readonly tags: readonly string[];
}

/** Conditions are ANDed; every tag given must be on the machine exactly. Firewalls are machines, too. */
export interface MachineFind {
  readonly allocation_project: string;
  readonly tags: readonly string[];
  readonly allocation_role?: 'machine' | 'firewall';
  readonly allocation_hostname?: string;
}

export interface MachineAllocate {
  readonly projectid: string;
  readonly partitionid: string;
  readonly sizeid: string;
  readonly imageid: string;
  readonly name: string;
  readonly hostname: string;
  readonly description: string;
  readonly networks: readonly { readonly networkid: string; readonly autoacquire: boolean }[];
  readonly ssh_pub_keys: readonly string[];
  readonly tags: readonly string[];
  /** Of machines with such a tag in common, metal-api puts as few as it can into one rack. */
  readonly placement_tags: readonly string[];
  /** As it is, not in base64. */
  readonly user_data: string;
  /** The partition's when absent. */
  readonly dns_servers?: readonly { readonly ip: string }[];
  readonly ntp_servers?: readonly { readonly address: string }[];
}
