import { expect, test } from 'vitest';
import { createImages } from './images.ts';

const own = 'ghcr.io/metal-stack/droptailer';

test.each([
  ['nothing', [], `${own}:v0.2.15`],
  ['another name', [['etcd', 'registry/etcd:v3']], `${own}:v0.2.15`],
  ['a reference', [['droptailer', 'registry/droptailer:v1']], 'registry/droptailer:v1'],
  ['a repository', [['droptailer', 'registry/droptailer']], 'registry/droptailer'],
  ['a tag', [['droptailer', ':v1']], `${own}:v1`],
  ['a digest', [['droptailer', '@sha256:abc']], `${own}@sha256:abc`],
] as const)('the image of a vector that overwrites %s', (_, overwrites, expected) => {
  expect(createImages(new Map(overwrites))('droptailer')).toBe(expected);
});
