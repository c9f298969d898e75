import * as z from 'zod';
import { nullsAbsent } from './decode.ts';

/** Infrastructure.status.providerStatus. */
export const infrastructureStatus = nullsAbsent(
  z.object({
    apiVersion: z.string().optional(),
    kind: z.string().optional(),
    firewall: z.object({ machineID: z.string().optional() }).optional(),
  }),
);

export type InfrastructureStatus = z.infer<typeof infrastructureStatus>;
