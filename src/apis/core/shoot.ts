import * as z from 'zod';
import { objectMeta } from '../meta.ts';

/** The slice of core.gardener.cloud/v1beta1 Shoot that is read; loose, so that everything else survives. */
export const shoot = z.looseObject({
  metadata: objectMeta,
  spec: z.looseObject({
    region: z.string().optional(),
    networking: z
      .looseObject({
        type: z.string().optional(),
        pods: z.string().optional(),
        nodes: z.string().optional(),
        services: z.string().optional(),
        ipFamilies: z.array(z.string()).optional(),
      })
      .optional(),
    maintenance: z
      .looseObject({ timeWindow: z.looseObject({ begin: z.string(), end: z.string() }).optional() })
      .optional(),
    hibernation: z.looseObject({ enabled: z.boolean().optional() }).optional(),
    provider: z
      .looseObject({
        type: z.string().optional(),
        infrastructureConfig: z.unknown().optional(),
        controlPlaneConfig: z.unknown().optional(),
      })
      .optional(),
  }),
  status: z
    .looseObject({
      technicalID: z.string().optional(),
      lastOperation: z.looseObject({ state: z.string().optional(), type: z.string().optional() }).optional(),
    })
    .optional(),
});

export type Shoot = z.infer<typeof shoot>;
