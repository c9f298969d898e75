import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { UsageError } from './flags.ts';
import { readImageVector } from './image-vector.ts';

const directory = await mkdtemp(join(tmpdir(), 'image-vector-'));
afterAll(() => rm(directory, { recursive: true }));

async function read(text: string) {
  const file = join(directory, 'images.yaml');
  await writeFile(file, text);
  return Object.fromEntries(await readImageVector(file));
}

test('Each form of an entry is one reference', async () => {
  const text = `
    images:
    - { name: tagged, sourceRepository: github.com/x/y, repository: registry/a, tag: v1 }
    - { name: digest, repository: registry/a, tag: "sha256:abc" }
    - { name: whole, ref: "registry/a:v1@sha256:abc" }
    - { name: untagged, repository: registry/a }
    - { name: only-tag, tag: v2, repository: null }
    - { name: nothing, targetVersion: ">= 1.30" }
    - { name: tagged, repository: registry/later, tag: v1 }`;
  expect(await read(text)).toEqual({
    tagged: 'registry/a:v1',
    digest: 'registry/a@sha256:abc',
    whole: 'registry/a:v1@sha256:abc',
    untagged: 'registry/a',
    'only-tag': ':v2',
  });
});

test('No file, and a file without images, overwrite nothing', async () => {
  expect(await readImageVector(undefined)).toEqual(new Map());
  expect(await readImageVector('')).toEqual(new Map());
  expect(await read('images:')).toEqual({});
});

test.each(['', 'images: {}', 'images: [{ repository: a }]', '{'])('%j is refused', async (text) => {
  await expect(read(text)).rejects.toThrow(UsageError);
});

test('A file that is not there is named', async () => {
  await expect(readImageVector('/no/such/file')).rejects.toThrow('image vector /no/such/file cannot be read');
});
