import { z } from 'zod';
import { nullsAbsent, type ObjectOf, strict, tolerant } from './decode.ts';

const declare = (object: ObjectOf) =>
  nullsAbsent(
    object({
      apiVersion: z.string().optional(),
      kind: z.string().optional(),
      /** The images of the current pools, once for each name and version. */
      machineImages: z
        .array(object({ name: z.string().optional(), version: z.string().optional(), image: z.string().optional() }))
        .optional(),
    }),
  );

/** Worker.status.providerStatus. */
export const workerStatus = declare(tolerant);
export const strictWorkerStatus = declare(strict);

export type WorkerStatus = z.infer<typeof workerStatus>;
