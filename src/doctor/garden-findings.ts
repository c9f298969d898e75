import type { Finding, StoredMachines } from '../providers/doctor.ts';
import { admissionFindings } from './admission.ts';
import { bindingFindings } from './bindings.ts';
import type { GardenSnapshot, StateFact } from './garden.ts';
import type { Whereabouts } from './known-shoots.ts';
import { shootsOf } from './seeds.ts';
import { versionFindings } from './shoot-versions.ts';

/** Everything that a garden alone shows. Pure; times in milliseconds. */
export function gardenFindings(
  { name, profiles, bindings, admission }: GardenSnapshot,
  { gardens, seeds, type }: Whereabouts,
  now: number,
): readonly Finding[] {
  const { shoots = [] } = gardens.find((garden) => garden.name === name) ?? {};
  const ours = shoots.filter(({ spec }) => spec.provider?.type === type);
  const seen = shootsOf(seeds);
  const isUsed = ours.length > 0 || profiles.length > 0;
  const found = [
    ...(admission && isUsed ? admissionFindings(admission, now) : []),
    ...bindingFindings(bindings, ours),
    ...ours.flatMap((shoot) => versionFindings(shoot, profiles, seen.has(shoot.metadata.uid ?? ''), now)),
  ];
  return found.map((finding) => ({ ...finding, garden: name }));
}

/** States from which a move to another seed would not find its machines. */
export function stateFindings(states: readonly StateFact[]): readonly Finding[] {
  return states
    .filter(({ providerIDs }) => providerIDs === undefined)
    .map(({ garden, object, cluster }) => ({
      ...{ severity: 'warning', kind: 'ShootStateInvalid', object, garden, cluster },
      message: 'has machines in it that cannot be read: another seed could not take them over',
      advice: 'Do not move the Shoot before gardenlet has written it anew',
    }));
}

export const readable = (states: readonly StateFact[]): readonly StoredMachines[] =>
  states.flatMap(({ providerIDs, ...state }) => (providerIDs ? [{ ...state, providerIDs }] : []));
