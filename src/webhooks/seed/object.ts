import * as z from 'zod';
import { objectMeta } from '../../apis/meta.ts';

/** The least that every object has; everything else is for the mutation to look at. */
export const anyObject = z.looseObject({ metadata: objectMeta });

/** The slice of an extension object that is reviewed. */
export const extensionObject = z.looseObject({
  metadata: objectMeta,
  spec: z.looseObject({ type: z.string(), class: z.string().optional(), providerConfig: z.unknown().optional() }),
});
