import * as z from 'zod';
import { objectMeta } from '../meta.ts';
import { cloudProfile, machineImages } from './cloud-profile.ts';

/** The slice of core.gardener.cloud/v1beta1 NamespacedCloudProfile that is read. */
export const namespacedCloudProfile = z.looseObject({
  metadata: objectMeta,
  spec: z.looseObject({
    parent: z.looseObject({ kind: z.string(), name: z.string() }),
    providerConfig: z.unknown().optional(),
    machineImages: machineImages.nullish(),
  }),
  status: z.looseObject({ cloudProfileSpec: cloudProfile.shape.spec.optional() }).optional(),
});

export type NamespacedCloudProfile = z.infer<typeof namespacedCloudProfile>;
