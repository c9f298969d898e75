import * as z from 'zod';
import { nullsAbsent, type ObjectOf, strict, tolerant } from './decode.ts';

const declare = (object: ObjectOf) =>
  nullsAbsent(
    object({
      apiVersion: z.string().optional(),
      kind: z.string().optional(),
      firewall: object({
        size: z.string().optional(),
        image: z.string().optional(),
        networks: z.array(z.string()).optional(),
        /** MiB per second. */
        rateLimits: z
          .array(object({ networkID: z.string().optional(), rateLimit: z.int().min(0).max(4294967295).optional() }))
          .optional(),
        egressRules: z
          .array(object({ networkID: z.string().optional(), ips: z.array(z.string()).optional() }))
          .optional(),
        logAcceptedConnections: z.boolean().optional(),
        /** Empty or `auto` means the latest supported. */
        controllerVersion: z.string().optional(),
        autoUpdateMachineImage: z.boolean().optional(),
        /** Go durations, e.g. `30m`. */
        firewallHealthTimeout: z.string().optional(),
        firewallCreateTimeout: z.string().optional(),
      }).optional(),
      partitionID: z.string().optional(),
      projectID: z.string().optional(),
    }),
  );

/** Shoot.spec.provider.infrastructureConfig, as controllers read it. What is required is for the rules to say. */
export const infrastructureConfig = declare(tolerant);
/** The same, refusing unknown fields. */
export const strictInfrastructureConfig = declare(strict);

export type InfrastructureConfig = z.infer<typeof infrastructureConfig>;
