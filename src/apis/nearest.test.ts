import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

it.each([
  ['a letter too much', 'networkss', ['networks', 'size'], 'networks'],
  ['two letters swapped', 'netwroks', ['networks', 'size'], 'networks'],
  ['the nearest of several', 'firewallImage', ['firewallImages', 'firewallTypes'], 'firewallImages'],
  ['another name of the same make', 'muc-equ01', ['fra-equ01'], undefined],
  ['nothing alike', 'zzzzzzzz', ['networks'], undefined],
  ['nothing to choose from', 'networks', [], undefined],
  ['too long to be a name', 'x'.repeat(65), ['x'.repeat(64)], undefined],
])('%s', (_, word, candidates, expected) => expect(nearest(word, candidates)).toBe(expected));
