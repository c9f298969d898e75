import { expect, test } from 'vitest';
import { programOf, repositoryOf } from './program.ts';

test.each([
  ['ghcr.io/metal-stack/metal-ccm:v0.9.10', 'ghcr.io/metal-stack/metal-ccm'],
  ['registry:5000/a/b', 'registry:5000/a/b'],
  ['registry:5000/a/b:v1@sha256:0123', 'registry:5000/a/b'],
  ['busybox', 'busybox'],
])('the repository of %s is %s', (image, expected) => {
  expect(repositoryOf(image)).toBe(expected);
});

test.each([
  ['ghcr.io/metal-stack/manager:v1', true],
  ['metal-stack/manager', true],
  ['ghcr.io/not-metal-stack/manager:v1', false],
  ['ghcr.io/metal-stack/manager-of-others:v1', false],
])('%s has a program: %s', (image, expected) => {
  const program = { command: ['/bin/manager'] } as const;
  expect(programOf(image, { 'metal-stack/manager': program })).toBe(expected ? program : undefined);
});

test('a tag may have a program of its own', () => {
  const [one, other] = [{ command: ['/bin/one'] }, { command: ['/bin/other'] }] as const;
  const programs = { manager: one, 'manager:v2': other };
  expect(['a/manager:v1', 'a/manager:v2', 'manager:v2'].map((image) => programOf(image, programs))).toEqual([
    one,
    other,
    other,
  ]);
});
