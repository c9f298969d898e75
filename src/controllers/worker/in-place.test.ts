import { expect, it } from 'vitest';
import type { Machine } from '../../apis/machine/machine.ts';
import type { InformerEvent } from '../../kube/lister.ts';
import { machine, machineSet } from './fixtures.ts';
import { workersOfMachineEvent } from './in-place.ts';

const of = (reason?: string, label = true): Machine => {
  const made = machine(machineSet('c'), reason);
  const labels = { ...made.metadata.labels, ...(label ? { 'worker.gardener.cloud/name': 'worker' } : {}) };
  return { ...made, metadata: { ...made.metadata, labels } };
};
const candidate = of('CandidateForUpdate');
const selected = of('SelectedForUpdate');

it.each<[string, InformerEvent<Machine>, boolean, readonly string[]]>([
  ['selected', { type: 'update', old: candidate, object: selected }, true, ['ns/worker']],
  ['selected, but not by hand', { type: 'update', old: candidate, object: selected }, false, []],
  ['still a candidate', { type: 'update', old: candidate, object: candidate }, true, []],
  ['made a candidate', { type: 'update', old: of(), object: candidate }, true, []],
  ['selected before', { type: 'update', old: selected, object: selected }, true, []],
  ['new', { type: 'add', object: of(), initial: false }, true, ['ns/worker']],
  ['there at the start', { type: 'add', object: of(), initial: true }, true, []],
  ['gone', { type: 'delete', object: selected }, true, []],
  ['without a Worker', { type: 'add', object: of(undefined, false), initial: false }, true, []],
])('%s', (_, event, isManual, expected) => expect(workersOfMachineEvent(event, () => isManual)).toEqual(expected));
