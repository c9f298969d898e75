import { expect, test } from 'vitest';
import { machineIDOf, providerIDOf } from './provider-id.ts';

test.each([
  [providerIDOf('fra-equ01', 'm1'), 'm1'],
  ['metal:///fra-equ01/m1', 'm1'],
  ['metal://fra-equ01/m1', 'm1'],
  ['metal://m1', 'm1'],
  ['metal:///m1', 'm1'],
  ['metal:///fra-equ01/', undefined],
  ['metal://', undefined],
  ['aws:///eu-1/m1', undefined],
  ['m1', undefined],
  ['', undefined],
])('the machine of %j is %j', (providerID, id) => {
  expect(machineIDOf(providerID)).toBe(id);
});
