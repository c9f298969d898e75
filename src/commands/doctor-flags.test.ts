import { expect, test } from 'vitest';
import { doctorFlags } from './doctor-flags.ts';
import { parseFlags } from './flags.ts';

const seedsOf = (...args: string[]) => parseFlags(doctorFlags, args, {}).kubeconfig;

test.each<[string, string[], object[]]>([
  ['none', [], []],
  ['one', ['--kubeconfig', 'a'], [{ path: 'a' }]],
  [
    'several, with names',
    ['--kubeconfig=fra-1=a', '--kubeconfig=b/c=d'],
    [{ given: 'fra-1', path: 'a' }, { path: 'b/c=d' }],
  ],
  ['a path that begins like a name', ['--kubeconfig=./a=b'], [{ path: './a=b' }]],
])('%s', (_, args, expected) => {
  expect(seedsOf(...args)).toEqual(expected.map((seed) => ({ given: undefined, ...seed })));
});

test.each([
  ['a kubeconfig', ['--kubeconfig=a', '--kubeconfig=fra-1=a'], /a is given twice/],
  ['a name', ['--kubeconfig=fra-1=a', '--kubeconfig=fra-1=b'], /name fra-1 is given twice/],
])('%s cannot be given twice', (_, args, message) => expect(() => seedsOf(...args)).toThrow(message));
