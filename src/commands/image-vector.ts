import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import * as z from 'zod';
import { toError } from '../kube/errors.ts';
import { UsageError } from './flags.ts';

const imageVector = z.looseObject({
  images: z.array(
    z.looseObject({
      name: z.string(),
      repository: z.string().optional(),
      tag: z.string().optional(),
      /** Instead of repository and tag. */
      ref: z.string().optional(),
    }),
  ),
});

/**
 * The image of that name in the file that Gardener operators name by `IMAGEVECTOR_OVERWRITE`; undefined when they say
 * nothing of it. Throws UsageError for a file that cannot be read.
 */
export async function overwrittenImage(file: string | undefined, name: string): Promise<string | undefined> {
  if (!file) return undefined;
  const { images } = await read(file);
  const image = images.find((one) => one.name === name);
  if (!image) return undefined;
  const { repository, tag, ref } = image;
  if (ref) return ref;
  if (!repository) throw new UsageError(`image vector ${file}: ${name} has no repository`);
  if (!tag) return repository;
  return tag.startsWith('sha256:') ? `${repository}@${tag}` : `${repository}:${tag}`;
}

async function read(file: string): Promise<z.infer<typeof imageVector>> {
  try {
    return imageVector.parse(load(await readFile(file, 'utf8')));
  } catch (error) {
    throw new UsageError(`image vector ${file} cannot be read: ${toError(error).message}`);
  }
}
