import { z } from 'zod';
import { nullsAbsent, type ObjectOf, strict, tolerant } from './decode.ts';

const declare = (object: ObjectOf) =>
  nullsAbsent(
    object({
      apiVersion: z.string().optional(),
      kind: z.string().optional(),
      firewall: object({ machineID: z.string().optional() }).optional(),
    }),
  );

/** Infrastructure.status.providerStatus. */
export const infrastructureStatus = declare(tolerant);
export const strictInfrastructureStatus = declare(strict);

export type InfrastructureStatus = z.infer<typeof infrastructureStatus>;
