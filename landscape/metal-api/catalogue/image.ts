import { z } from 'zod';
import { badRequest, notFound } from '../errors.ts';
import type { Image } from '../fixture-schema.ts';

interface Version {
  readonly os: string;
  readonly major: number;
  readonly minor: number | undefined;
  readonly patch: number | undefined;
}

/** `<os>-<major>[.<minor>[.<patch>]]`: the os may hold dashes, the version follows the last one. */
function parseImageId(id: string): Version | undefined {
  const match = /^(.+)-v?(\d+)(?:\.(\d+)(?:\.(\d+))?)?$/.exec(id);
  if (!match) return undefined;
  const [, os = '', major, minor, patch] = match;
  const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
  return { os, major: Number(major), minor: number(minor), patch: number(patch) };
}

/** Images that a shorthand or a full id means, highest version first. 400 for a text without a version. */
export function queryImages(images: Iterable<Image>, id: string): Image[] {
  const wanted = parseImageId(id);
  if (!wanted) throw badRequest(`no version found in image id: ${id}`);
  const found: { image: Image; version: Version }[] = [];
  for (const image of images) {
    const version = parseImageId(image.id);
    if (version && fits(version, wanted)) found.push({ image, version });
  }
  found.sort((a, b) => compare(b.version, a.version));
  return found.map(({ image }) => image);
}

/** A patch above 0 means exactly that version; without, any patch of the minor (or minor of the major) version. */
function fits(version: Version, wanted: Version): boolean {
  if (version.os !== wanted.os || version.major !== wanted.major) return false;
  if (wanted.minor !== undefined && (version.minor ?? 0) !== wanted.minor) return false;
  return !wanted.patch || version.patch === wanted.patch;
}

function compare(a: Version, b: Version): number {
  return (a.minor ?? 0) - (b.minor ?? 0) || (a.patch ?? 0) - (b.patch ?? 0);
}

/** The highest version that `id` means. */
export function latestImage(images: Iterable<Image>, id: string): Image {
  const [image] = queryImages(images, id);
  if (!image) throw notFound(`no image for id:${id} found`);
  return image;
}

export const imageFindSchema = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  os: z.string().optional(),
  version: z.string().optional(),
  classification: z.string().optional(),
  features: z.array(z.string()).optional(),
});

export function imageMatches(image: Image, find: z.output<typeof imageFindSchema>): boolean {
  const end = image.id.lastIndexOf('-');
  if (find.id && image.id !== find.id) return false;
  if (find.name && image.name !== find.name) return false;
  if (find.os && image.id.slice(0, end) !== find.os) return false;
  if (find.version && image.id.slice(end + 1) !== find.version) return false;
  if (find.classification && image.classification !== find.classification) return false;
  return (find.features ?? []).every((feature) => image.features.some((own) => own === feature));
}
