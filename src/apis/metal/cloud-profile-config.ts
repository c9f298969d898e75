import * as z from 'zod';
import { nullsAbsent, type ObjectOf, strict, tolerant } from './decode.ts';
import { described } from './described.ts';
import { typeMeta } from './type-meta.ts';

const cidrs = (direction: string) =>
  z
    .array(z.string())
    .optional()
    .meta(described(`Networks ${direction}.`, { required: true, rules: 'At least one; CIDRs.' }));

const addresses = (servers: string, rules: string) =>
  z
    .array(z.string())
    .optional()
    .meta(described(`Addresses of ${servers} that isolated clusters use.`, { required: true, rules }));

const declareRegistryMirror = (object: ObjectOf) =>
  object({
    name: z
      .string()
      .optional()
      .meta(described('Name of the mirror.', { required: true, rules: 'Not empty.' })),
    endpoint: z
      .string()
      .optional()
      .meta(described('URL of the mirror.', { required: true, rules: 'With the scheme http or https.' })),
    ip: z
      .string()
      .optional()
      .meta(described('Address that the firewall lets through.', { required: true, rules: 'An IP address.' })),
    port: z
      .int()
      .optional()
      .meta(described('Port of that address.', { required: true, rules: 'Between 1 and 65535.' })),
    mirrorOf: z
      .array(z.string())
      .optional()
      .meta(
        described('Registries that the mirror stands for.', {
          required: true,
          rules: 'At least one; each the host of a registry such as `ghcr.io`.',
        }),
      ),
  });

const declareNetworkIsolation = (object: ObjectOf) =>
  object({
    allowedNetworks: object({
      ingress: cidrs('from which an isolated cluster may be reached'),
      egress: cidrs('that an isolated cluster may reach'),
    })
      .optional()
      .meta(described('Networks that remain reachable.', { required: true })),
    dnsServers: addresses('name servers', 'One to three IP addresses. Immutable, the order included.'),
    ntpServers: addresses('time servers', 'At least one; IP addresses.'),
    registryMirrors: z
      .array(declareRegistryMirror(object))
      .optional()
      .meta(described('Where isolated nodes get container images.', { required: true, rules: 'At least one.' })),
  });

const declarePartition = (object: ObjectOf) =>
  object({
    firewallTypes: z
      .array(z.string())
      .optional()
      .meta(
        described('Machine types for firewalls; the first is the default of Shoots.', {
          default: 'every type is allowed',
        }),
      ),
    networkIsolation: declareNetworkIsolation(object)
      .optional()
      .meta(
        described('What clusters with network access `restricted` or `forbidden` reach here.', {
          default: 'no such clusters here',
          rules: 'Cannot be removed.',
        }),
      ),
  });

const declareControllerVersion = (object: ObjectOf) =>
  object({
    version: z
      .string()
      .optional()
      .meta(described('Version, such as `v2.5.0`.', { required: true, rules: 'Once only.' })),
    url: z.string().optional().meta(described('Where firewalls download this version.')),
    classification: z
      .string()
      .optional()
      .meta(
        described('Only `supported` versions are chosen automatically.', {
          default: 'preview',
          values: ['preview', 'supported', 'deprecated'],
        }),
      ),
  });

const declareMetalControlPlane = (object: ObjectOf) =>
  object({
    endpoint: z
      .string()
      .optional()
      .meta(
        described('Base URL of metal-api, without `/v1`.', { required: true, rules: 'With the scheme http or https.' }),
      ),
    partitions: z
      .record(z.string(), declarePartition(object))
      .optional()
      .meta(
        described('Partitions of this metal-stack, by their ids.', {
          rules: 'A partition is a zone of a region of the CloudProfile, and in one metal control plane only.',
        }),
      ),
    firewallImages: z
      .array(z.string())
      .optional()
      .meta(
        described('Images for firewalls; the newest is the default of Shoots.', { default: 'every image is allowed' }),
      ),
    firewallControllerVersions: z
      .array(declareControllerVersion(object))
      .optional()
      .meta(described('Versions of firewall-controller that Shoots can have.', { default: 'none' })),
    nftablesExporter: object({
      version: z.string().optional().meta(described('Version, such as `v0.3.2`.')),
      url: z.string().optional().meta(described('Where firewalls download it.')),
    })
      .optional()
      .meta(described('The exporter of metrics that firewalls run.', { default: 'that of firewall-controller' })),
  });

const declare = (object: ObjectOf) =>
  nullsAbsent(
    object({
      ...typeMeta('CloudProfileConfig'),
      metalControlPlanes: z
        .record(z.string(), declareMetalControlPlane(object))
        .optional()
        .meta(described('Installations of metal-stack, by names that the operator chooses.', { default: 'none' })),
    }),
  );

/** CloudProfile.spec.providerConfig, as controllers read it. */
export const cloudProfileConfig = declare(tolerant);
/** The same, refusing unknown fields. */
export const strictCloudProfileConfig = declare(strict);

export type CloudProfileConfig = z.infer<typeof cloudProfileConfig>;
export type MetalControlPlane = NonNullable<CloudProfileConfig['metalControlPlanes']>[string];
