import type { MetalApi } from '../metal-api/client.ts';

/** What a metal-api has for machines and firewalls, by id. */
export interface Catalogue {
  readonly images: readonly string[];
  readonly sizes: readonly string[];
}

/** Any account of the metal-api may ask. */
export async function readCatalogue(api: MetalApi, signal: AbortSignal): Promise<Catalogue> {
  const [images, sizes] = await Promise.all([api.listImages({ signal }), api.listSizes({ signal })]);
  return { images: images.map(({ id }) => id), sizes: sizes.map(({ id }) => id) };
}

/** Whether an id means one of the images: all of it, or without its last numbers (metal-components G.5). */
export const hasImage = ({ images }: Catalogue, wanted: string): boolean =>
  images.some((id) => id === wanted || id.startsWith(`${wanted}.`));
