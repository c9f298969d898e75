import { expect, test } from 'vitest';
import { cluster } from '../../../apis/extensions/cluster.ts';
import { overriddenHash } from './hash-override.ts';

const KEEP = { 'cluster.metal-stack.io/keep-worker-hash': '' };
const use = (hash: string) => ({ 'cluster.metal-stack.io/use-worker-hash-workers': hash });

function hashWith(annotations: Record<string, string>, existing: readonly string[]): string {
  const shoot = { metadata: { name: 's', annotations }, spec: {} };
  const parsed = cluster.parse({ metadata: { name: 'shoot--p--s' }, spec: { shoot } });
  return overriddenHash(parsed, { deployment: 'ns-workers', pool: 'workers' }, 'ccccc', existing);
}

test.each<[string, Record<string, string>, readonly string[], string]>([
  ['nothing is annotated', {}, ['ns-workers-aaaaa'], 'ccccc'],
  ['the explicit one alone has no effect', use('bbbbb'), ['ns-workers-aaaaa'], 'ccccc'],
  ['kept', KEEP, ['ns-workers-aaaaa'], 'aaaaa'],
  ['kept, among those of other pools', KEEP, ['ns-workers-two-bbbbb', 'ns-workers-aaaaa', 'ns-work-ddddd'], 'aaaaa'],
  ['nothing to keep', KEEP, ['ns-workers-two-bbbbb'], 'ccccc'],
  ['nothing to keep, explicit', { ...KEEP, ...use('bbbbb') }, [], 'bbbbb'],
  ['explicit and present', { ...KEEP, ...use('aaaaa') }, ['ns-workers-aaaaa'], 'aaaaa'],
  [
    'explicit, of several',
    { ...KEEP, ...use('bbbbb') },
    ['ns-workers-aaaaa', 'ns-workers-bbbbb', 'ns-workers-ccccc'],
    'bbbbb',
  ],
  ['the computed one, of several', KEEP, ['ns-workers-aaaaa', 'ns-workers-ccccc'], 'ccccc'],
  ['the computed one, in any order', KEEP, ['ns-workers-ccccc', 'ns-workers-aaaaa'], 'ccccc'],
])('%s', (_, annotations, existing, expected) => {
  expect(hashWith(annotations, existing)).toBe(expected);
});

test.each<[string, Record<string, string>, readonly string[], RegExp]>([
  ['another than the present', { ...KEEP, ...use('bbbbb') }, ['ns-workers-aaaaa'], /says bbbbb, present is aaaaa/],
  ['several, and none is known to be right', KEEP, ['ns-workers-bbbbb', 'ns-workers-aaaaa'], /\(aaaaa, bbbbb\)/],
  ['not a hash', { ...KEEP, ...use('../..') }, [], /five lower-case letters and digits/],
])('refused: %s', (_, annotations, existing, message) => {
  expect(() => hashWith(annotations, existing)).toThrow(message);
});
