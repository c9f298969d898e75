import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import * as z from 'zod';
import { toError } from '../kube/errors.ts';
import type { ImageOverwrites } from '../providers/metal/images.ts';
import { UsageError } from './flags.ts';

const entry = z.looseObject({
  name: z.string(),
  repository: z.string().nullish(),
  tag: z.string().nullish(),
  /** Instead of repository and tag. */
  ref: z.string().nullish(),
});

const imageVector = z.looseObject({ images: z.array(entry).nullish() });

/**
 * What the file says that Gardener operators name by `IMAGEVECTOR_OVERWRITE`; one file may be for many components. The
 * first entry of a name holds. Throws UsageError for a file that cannot be read.
 */
export async function readImageVector(file: string | undefined): Promise<ImageOverwrites> {
  if (!file) return new Map();
  const { images } = await read(file);
  const overwrites = new Map<string, string>();
  for (const image of images ?? []) {
    const reference = referenceOf(image);
    if (reference && !overwrites.has(image.name)) overwrites.set(image.name, reference);
  }
  return overwrites;
}

function referenceOf({ ref, repository, tag }: z.infer<typeof entry>): string {
  if (ref) return ref;
  const version = tag ? `${tag.startsWith('sha256:') ? '@' : ':'}${tag}` : '';
  return `${repository ?? ''}${version}`;
}

async function read(file: string): Promise<z.infer<typeof imageVector>> {
  try {
    return imageVector.parse(load(await readFile(file, 'utf8')));
  } catch (error) {
    throw new UsageError(`image vector ${file} cannot be read: ${toError(error).message}`);
  }
}
