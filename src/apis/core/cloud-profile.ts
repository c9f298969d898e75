import * as z from 'zod';
import { objectMeta } from '../meta.ts';

const capabilities = z.record(z.string(), z.array(z.string()).nullish());

const machineImageVersion = z.looseObject({
  version: z.string(),
  expirationDate: z.string().nullish(),
  classification: z.string().nullish(),
  /** Replaces classification and expirationDate. */
  lifecycle: z.array(z.looseObject({ classification: z.string(), startTime: z.string().nullish() })).nullish(),
  architectures: z.array(z.string()).nullish(),
  capabilityFlavors: z.array(capabilities).nullish(),
  cri: z
    .array(
      z.looseObject({
        name: z.string(),
        containerRuntimes: z.array(z.looseObject({ type: z.string() })).nullish(),
      }),
    )
    .nullish(),
});

const machineType = z.looseObject({
  name: z.string(),
  architecture: z.string().nullish(),
  usable: z.boolean().nullish(),
  capabilities: capabilities.nullish(),
});

export const machineImages = z.array(
  z.looseObject({ name: z.string(), versions: z.array(machineImageVersion).nullish() }),
);

/** The slice of core.gardener.cloud/v1beta1 CloudProfile that is read. */
export const cloudProfile = z.looseObject({
  metadata: objectMeta,
  spec: z.looseObject({
    type: z.string().optional(),
    providerConfig: z.unknown().optional(),
    regions: z
      .array(
        z.looseObject({
          name: z.string(),
          zones: z
            .array(z.looseObject({ name: z.string(), unavailableMachineTypes: z.array(z.string()).nullish() }))
            .nullish(),
        }),
      )
      .nullish(),
    machineImages: machineImages.nullish(),
    machineTypes: z.array(machineType).nullish(),
    /** With it, architectures are capabilities of types and images. */
    machineCapabilities: z.array(z.looseObject({ name: z.string(), values: z.array(z.string()).nullish() })).nullish(),
  }),
});

export type CloudProfile = z.infer<typeof cloudProfile>;
export type MachineImageVersion = z.infer<typeof machineImageVersion>;
export type MachineType = z.infer<typeof machineType>;
