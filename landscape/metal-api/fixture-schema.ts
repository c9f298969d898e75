import { z } from 'zod';

const labels = z.record(z.string(), z.string());
const family = z.enum(['IPv4', 'IPv6']);
const prefixLengths = z.partialRecord(family, z.int());
const server = z.object({ ip: z.string() });
const timeServer = z.object({ address: z.string() });
const quota = z.object({ quota: z.int().optional(), used: z.int().optional() });

const projectSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().default(''),
  tenant_id: z.string(),
  quotas: z.object({ machine: quota.optional(), ip: quota.optional(), cluster: quota.optional() }).default({}),
});

const partitionSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
  labels: labels.default({}),
  dns_servers: z.array(server).default([]),
  ntp_servers: z.array(timeServer).default([]),
});

const sizeSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
  labels: labels.default({}),
  constraints: z.array(
    z.object({
      type: z.enum(['cores', 'memory', 'storage', 'gpu']),
      min: z.int().optional(),
      max: z.int().optional(),
      identifier: z.string().optional(),
    }),
  ),
});

const imageSchema = z.object({
  /** `<os>-<version>`, the version with a patch part: `ubuntu-24.4.20260110`. */
  id: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
  url: z.string().default('https://images.example.org/image.tar.lz4'),
  features: z.array(z.enum(['machine', 'firewall'])),
  classification: z.enum(['preview', 'supported', 'deprecated']).default('supported'),
  expirationDate: z.iso.datetime(),
});

export const networkSeedSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
  projectid: z.string().optional(),
  partitionid: z.string().optional(),
  prefixes: z.array(z.string()),
  destinationprefixes: z.array(z.string()).default([]),
  nat: z.boolean().default(false),
  privatesuper: z.boolean().default(false),
  underlay: z.boolean().default(false),
  shared: z.boolean().default(false),
  vrf: z.int().optional(),
  vrfshared: z.boolean().default(false),
  parentnetworkid: z.string().optional(),
  labels: labels.default({}),
  defaultchildprefixlength: prefixLengths.optional(),
  additionalAnnouncableCIDRs: z.array(z.string()).default([]),
});

const ipSeedSchema = z.object({
  ipaddress: z.string(),
  networkid: z.string(),
  projectid: z.string(),
  type: z.enum(['ephemeral', 'static']),
  name: z.string().default(''),
  description: z.string().default(''),
  tags: z.array(z.string()).default([]),
});

const machineSeedSchema = z.object({
  id: z.string(),
  partitionid: z.string(),
  sizeid: z.string(),
  rackid: z.string(),
  name: z.string().default(''),
});

const filesystemLayoutSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
  sizes: z.array(z.string()).default([]),
  /** Image os to semver constraint. */
  images: labels,
});

/** What an installation holds when it starts. As JSON this is the file of `--seed-data`. */
export const fixtureSchema = z.object({
  projects: z.array(projectSchema).default([]),
  partitions: z.array(partitionSchema).default([]),
  sizes: z.array(sizeSchema).default([]),
  images: z.array(imageSchema).default([]),
  filesystemLayouts: z.array(filesystemLayoutSchema).default([]),
  /** Parents before their children. */
  networks: z.array(networkSeedSchema).default([]),
  ips: z.array(ipSeedSchema).default([]),
  machines: z.array(machineSeedSchema).default([]),
});

export type FixtureInput = z.input<typeof fixtureSchema>;
export type Fixture = z.output<typeof fixtureSchema>;
export type Project = z.output<typeof projectSchema>;
export type Partition = z.output<typeof partitionSchema>;
export type Size = z.output<typeof sizeSchema>;
export type Image = z.output<typeof imageSchema>;
export type FilesystemLayout = z.output<typeof filesystemLayoutSchema>;
export type NetworkSeed = z.output<typeof networkSeedSchema>;
export type PrefixLengths = z.output<typeof prefixLengths>;
