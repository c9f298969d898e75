import * as z from 'zod';
import { nullsAbsent, type ObjectOf, strict, tolerant } from './decode.ts';

const declareNetworkIsolation = (object: ObjectOf) =>
  object({
    allowedNetworks: object({
      ingress: z.array(z.string()).optional(),
      egress: z.array(z.string()).optional(),
    }).optional(),
    dnsServers: z.array(z.string()).optional(),
    ntpServers: z.array(z.string()).optional(),
    registryMirrors: z
      .array(
        object({
          name: z.string().optional(),
          endpoint: z.string().optional(),
          ip: z.string().optional(),
          port: z.int().optional(),
          mirrorOf: z.array(z.string()).optional(),
        }),
      )
      .optional(),
  });

const declare = (object: ObjectOf) =>
  nullsAbsent(
    object({
      apiVersion: z.string().optional(),
      kind: z.string().optional(),
      /** By a name that the operator chooses. */
      metalControlPlanes: z
        .record(
          z.string(),
          object({
            /** Base URL of metal-api, without `/v1`. */
            endpoint: z.string().optional(),
            /** By partition id, which is also a zone name of the CloudProfile. */
            partitions: z
              .record(
                z.string(),
                object({
                  /** Empty means every type is allowed. */
                  firewallTypes: z.array(z.string()).optional(),
                  networkIsolation: declareNetworkIsolation(object).optional(),
                }),
              )
              .optional(),
            /** Empty means every image is allowed. */
            firewallImages: z.array(z.string()).optional(),
            firewallControllerVersions: z
              .array(
                object({
                  version: z.string().optional(),
                  url: z.string().optional(),
                  /** `preview`, `supported` or `deprecated`. */
                  classification: z.string().optional(),
                }),
              )
              .optional(),
            nftablesExporter: object({ version: z.string().optional(), url: z.string().optional() }).optional(),
          }),
        )
        .optional(),
    }),
  );

/** CloudProfile.spec.providerConfig, as controllers read it. */
export const cloudProfileConfig = declare(tolerant);
/** The same, refusing unknown fields. */
export const strictCloudProfileConfig = declare(strict);

export type CloudProfileConfig = z.infer<typeof cloudProfileConfig>;
export type MetalControlPlane = NonNullable<CloudProfileConfig['metalControlPlanes']>[string];
