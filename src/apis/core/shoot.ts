import * as z from 'zod';
import { objectMeta } from '../meta.ts';

const worker = z.looseObject({
  name: z.string().nullish(),
  machine: z
    .looseObject({
      type: z.string().nullish(),
      architecture: z.string().nullish(),
      image: z.looseObject({ name: z.string().nullish(), version: z.string().nullish() }).nullish(),
    })
    .nullish(),
  cri: z
    .looseObject({
      name: z.string().nullish(),
      containerRuntimes: z.array(z.looseObject({ type: z.string().nullish() })).nullish(),
    })
    .nullish(),
  volume: z.unknown().optional(),
  zones: z.array(z.string()).nullish(),
});

/** The slice of core.gardener.cloud/v1beta1 Shoot that is read; loose, so that everything else survives. */
export const shoot = z.looseObject({
  metadata: objectMeta,
  spec: z.looseObject({
    region: z.string().optional(),
    cloudProfile: z.looseObject({ kind: z.string().nullish(), name: z.string().nullish() }).nullish(),
    /** The former spelling of a reference to a CloudProfile. */
    cloudProfileName: z.string().nullish(),
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
    dns: z.looseObject({ domain: z.string().nullish() }).nullish(),
    provider: z
      .looseObject({
        type: z.string().optional(),
        infrastructureConfig: z.unknown().optional(),
        controlPlaneConfig: z.unknown().optional(),
        workers: z.array(worker).nullish(),
      })
      .optional(),
  }),
  status: z
    .looseObject({
      technicalID: z.string().optional(),
      uid: z.string().optional(),
      /** The hibernation has been carried out, not only asked for. */
      hibernated: z.boolean().nullish(),
      credentials: z
        .looseObject({
          rotation: z
            .looseObject({
              certificateAuthorities: z
                .looseObject({ phase: z.string().nullish(), lastInitiationTime: z.string().nullish() })
                .nullish(),
            })
            .nullish(),
        })
        .nullish(),
      lastOperation: z.looseObject({ state: z.string().optional(), type: z.string().optional() }).optional(),
    })
    .optional(),
});

export type Shoot = z.infer<typeof shoot>;
export type ShootWorker = z.infer<typeof worker>;
