import * as z from 'zod';
import { objectMeta } from '../meta.ts';

/** The slice of core.gardener.cloud/v1beta1 CloudProfile that is read. */
export const cloudProfile = z.looseObject({
  metadata: objectMeta,
  spec: z.looseObject({
    type: z.string().optional(),
    providerConfig: z.unknown().optional(),
    regions: z
      .array(z.looseObject({ name: z.string(), zones: z.array(z.looseObject({ name: z.string() })).nullish() }))
      .nullish(),
  }),
});
