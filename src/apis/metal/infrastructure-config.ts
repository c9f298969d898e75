import * as z from 'zod';
import { nullsAbsent, type ObjectOf, strict, tolerant } from './decode.ts';
import { described } from './described.ts';
import { typeMeta } from './type-meta.ts';

const networkID = z
  .string()
  .optional()
  .meta(
    described('Id of a network at metal-api.', {
      required: true,
      rules: 'One of `firewall.networks`, in one entry only.',
    }),
  );

const declareFirewall = (object: ObjectOf) =>
  object({
    size: z
      .string()
      .optional()
      .meta(
        described('Size (machine type) of the firewall at metal-api.', {
          default: 'the first of the partition’s `firewallTypes` in the CloudProfile',
          rules: 'One of these `firewallTypes`, if there are any.',
          required: true,
        }),
      ),
    image: z
      .string()
      .optional()
      .meta(
        described('Image of the firewall at metal-api, `<os>-<version>`.', {
          default: 'the newest of the `firewallImages` in the CloudProfile',
          rules: 'One of these `firewallImages`, if there are any.',
          required: true,
        }),
      ),
    networks: z
      .array(z.string())
      .optional()
      .meta(
        described(
          'Ids of the networks at metal-api that the firewall connects the cluster to. The order counts: the first that can is the default external network.',
          {
            rules: 'At least one; none empty, none twice.',
            required: true,
          },
        ),
      ),
    rateLimits: z
      .array(
        object({
          networkID,
          rateLimit: z
            .int()
            .min(0)
            .max(4294967295)
            .optional()
            .meta(described('MiB per second.', { required: true, rules: 'Greater than 0, below 2³².' })),
        }),
      )
      .optional()
      .meta(described('Limits of the traffic that comes in from networks.')),
    egressRules: z
      .array(
        object({
          networkID,
          ips: z
            .array(z.string())
            .optional()
            .meta(
              described('Static addresses of the project at metal-api.', {
                required: true,
                rules: 'At least one; IP addresses of a family of the Shoot, none twice.',
              }),
            ),
        }),
      )
      .optional()
      .meta(described('Addresses that traffic into a network leaves from (source NAT).')),
    logAcceptedConnections: z
      .boolean()
      .optional()
      .meta(
        described('Whether the firewall logs accepted connections, too, and not only dropped ones.', {
          default: 'false',
        }),
      ),
    controllerVersion: z
      .string()
      .optional()
      .meta(
        described('Version of firewall-controller. Empty or `auto`: the newest that is classified as `supported`.', {
          default: 'auto',
          rules: 'A version in the CloudProfile’s `firewallControllerVersions`, of any classification.',
        }),
      ),
    autoUpdateMachineImage: z
      .boolean()
      .optional()
      .meta(
        described(
          'Whether the firewall is rolled in the maintenance window when its image has a newer patch version.',
          {
            default: 'false',
          },
        ),
      ),
    firewallHealthTimeout: z
      .string()
      .optional()
      .meta(
        described('A firewall that is unhealthy for so long is replaced; 0 switches this off.', {
          default: 'that of firewall-controller-manager',
          rules: 'A Go duration such as `30m`: 0, or between 1m and 24h.',
        }),
      ),
    firewallCreateTimeout: z
      .string()
      .optional()
      .meta(
        described('A new firewall that is not ready after so long is replaced; 0 switches this off.', {
          default: 'that of firewall-controller-manager',
          rules: 'A Go duration such as `30m`: 0, or between 1m and 24h.',
        }),
      ),
  });

const declare = (object: ObjectOf) =>
  nullsAbsent(
    object({
      ...typeMeta('InfrastructureConfig'),
      firewall: declareFirewall(object)
        .optional()
        .meta(described('The firewall between the cluster and other networks.', { required: true })),
      partitionID: z
        .string()
        .optional()
        .meta(
          described('Partition of metal-stack where the cluster is.', {
            required: true,
            rules:
              'A zone of the Shoot’s region, and a partition of a metal control plane in the CloudProfile. Immutable.',
          }),
        ),
      projectID: z
        .string()
        .optional()
        .meta(
          described('Project at metal-api that machines, networks and addresses belong to.', {
            required: true,
            rules: 'Immutable.',
          }),
        ),
    }),
  );

/** Shoot.spec.provider.infrastructureConfig, as controllers read it. What is required is for the rules to say. */
export const infrastructureConfig = declare(tolerant);
/** The same, refusing unknown fields. */
export const strictInfrastructureConfig = declare(strict);

export type InfrastructureConfig = z.infer<typeof infrastructureConfig>;
