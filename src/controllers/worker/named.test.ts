import { expect, test } from 'vitest';
import type { Machine } from '../../apis/machine/machine.ts';
import { named } from './named.ts';

const machine = (name: string, description?: string): Machine => ({
  metadata: { name, namespace: 'ns' },
  spec: { class: { kind: 'MachineClass', name: 'c' } },
  ...(description === undefined ? {} : { status: { lastOperation: { description } } }),
});

test.each([
  ['none', [], ''],
  ['one that nothing is known of', [machine('m1')], 'm1'],
  ['what was said', [machine('m1', 'no stock'), machine('m2', 'waiting')], 'm1 (no stock), m2 (waiting)'],
  ['what was said at length', [machine('m1', 'x'.repeat(201))], `m1 (${'x'.repeat(200)}...)`],
  ['many', Array.from({ length: 7 }, (_, at) => machine(`m${at}`)), 'm0, m1, m2, m3, m4 and 2 more'],
])('%s', (_, machines, expected) => expect(named(machines)).toBe(expected));
