import * as z from 'zod';
import { nullsAbsent } from './decode.ts';

const machineImage = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  image: z.string().optional(),
});

/** Worker.status.providerStatus. */
export const workerStatus = nullsAbsent(
  z.object({
    apiVersion: z.string().optional(),
    kind: z.string().optional(),
    /** The images of the current pools, once for each name and version. */
    machineImages: z.array(machineImage).optional(),
  }),
);

export type WorkerStatus = z.infer<typeof workerStatus>;
