import { expect, test } from 'vitest';
import { createImages, machineControllerOf } from './images.ts';

const own = 'ghcr.io/metal-stack/droptailer';
const mcm = 'machine-controller-manager-provider-metal';
const inGo = `ghcr.io/metal-stack/${mcm}`;

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

test.each([
  ['our own', [], 'registry/espalier:v1', { image: 'registry/espalier:v1', command: ['machine-controller'] }],
  ['that in Go where ours is not known', [], undefined, { image: `${inGo}:v0.1.28`, command: [] }],
  [
    'that in Go where the operator names it',
    [[mcm, ':v2']],
    'registry/espalier:v1',
    { image: `${inGo}:v2`, command: [] },
  ],
] as const)('machine controller: %s', (_, overwrites, image, expected) => {
  expect(machineControllerOf(new Map(overwrites), image)).toEqual(expected);
});
