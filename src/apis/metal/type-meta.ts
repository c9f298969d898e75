import * as z from 'zod';
import { described } from './described.ts';
import { METAL_API_VERSION } from './group.ts';

/** apiVersion and kind of a provider configuration. Optional here: objects of controllers may come without. */
export const typeMeta = (kind: string) => ({
  apiVersion: z
    .string()
    .optional()
    .meta(described('API group and version.', { required: true, values: [METAL_API_VERSION] })),
  kind: z
    .string()
    .optional()
    .meta(described('Kind of the configuration.', { required: true, values: [kind] })),
});
