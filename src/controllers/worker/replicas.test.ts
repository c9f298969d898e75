import { expect, it } from 'vitest';
import { type ReplicaFacts, replicasOf } from './replicas.ts';

const facts: ReplicaFacts = {
  minimum: 2,
  maximum: 5,
  hibernated: false,
  autoscaled: true,
  wakingUp: false,
  current: 3,
};

it.each<[string, Partial<ReplicaFacts>, number]>([
  ['what the autoscaler has set stays', {}, 3],
  ['hibernated', { hibernated: true }, 0],
  ['hibernated while restoring', { hibernated: true, current: undefined, restored: 4 }, 0],
  ['no autoscaler', { autoscaled: false, maximum: 2 }, 2],
  ['no autoscaler while restoring', { autoscaled: false, maximum: 2, current: undefined, restored: 4 }, 2],
  ['new', { current: undefined }, 2],
  ['restored', { current: undefined, restored: 4 }, 4],
  ['restored without machines', { current: undefined, restored: 0 }, 0],
  ['restored already', { current: 3, restored: 4 }, 3],
  ['waking up', { current: 0, wakingUp: true }, 2],
  ['below the minimum', { current: 1 }, 2],
  ['above the maximum', { current: 9 }, 5],
  ['scaled to nothing by the autoscaler', { minimum: 0, current: 0 }, 0],
])('%s', (_, change, expected) => expect(replicasOf({ ...facts, ...change })).toBe(expected));
