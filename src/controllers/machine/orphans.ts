import type { Machine } from '../../apis/machine/machine.ts';
import { phaseOf } from './phases.ts';

/** Machines at the provider that no Machine stands for, by provider id, and since when that is known (monotonic). */
export type Suspects = ReadonlyMap<string, number>;

export interface OrphanFacts {
  /** Names by provider id: what the provider has made for this cluster. */
  readonly listed: ReadonlyMap<string, string>;
  readonly machines: readonly Machine[];
  /** Of the look before. */
  readonly suspects: Suspects;
  readonly now: number;
  readonly graceMs: number;
}

export interface Orphans {
  readonly suspects: Suspects;
  /** Names by provider id of those that have been suspects for the grace. */
  readonly orphans: ReadonlyMap<string, string>;
}

/**
 * Which machines are nobody's (metal-components F.8). Not one whose Machine is just being made: its id may not be written
 * down yet. And nothing at the first look: what is known may be a moment behind.
 */
export function findOrphans({ listed, machines, suspects, now, graceMs }: OrphanFacts): Orphans {
  const byName = new Map(machines.map((machine) => [machine.metadata.name, machine]));
  const ids = new Set(machines.map(({ spec }) => spec.providerID));
  const next = new Map<string, number>();
  const orphans = new Map<string, string>();
  for (const [id, name] of listed) {
    const machine = byName.get(name);
    if (ids.has(id) || (machine && mayBecome(machine))) continue;
    const since = suspects.get(id) ?? now;
    next.set(id, since);
    if (now - since >= graceMs) orphans.set(id, name);
  }
  return { suspects: next, orphans };
}

function mayBecome(machine: Machine): boolean {
  const phase = phaseOf(machine);
  return !machine.spec.providerID || phase === '' || phase === 'CrashLoopBackOff';
}
