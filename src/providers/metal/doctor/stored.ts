import type { Finding, StoredMachines } from '../../doctor.ts';
import { machineIDOf } from '../machine/provider-id.ts';
import type { Comparison } from './holdings.ts';

const shown = 5;

/**
 * Machines of a ShootState that metal-api does not have allocated. A hint only: gardenlet writes the state every few hours,
 * and a move to another seed writes it anew.
 */
export function storedFindings(stored: StoredMachines, comparisons: readonly Comparison[]): readonly Finding[] {
  const { garden, object, cluster, clusterID, providerIDs } = stored;
  const here = comparisons.filter(({ scope }) => scope.clusterID === clusterID);
  if (here.length === 0) return [];
  const allocated = new Set(
    here.flatMap(({ holdings }) => holdings.machines.filter(({ allocation }) => allocation).map(({ id }) => id)),
  );
  const lost = providerIDs.filter((providerID) => !allocated.has(machineIDOf(providerID) ?? ''));
  if (lost.length === 0) return [];
  const names = lost.length > shown ? `${lost.slice(0, shown).join(', ')} and others` : lost.join(', ');
  return [
    {
      ...{ severity: 'info', kind: 'ShootStateOutdated', object, garden, cluster },
      message: `has ${lost.length} of ${providerIDs.length} machines that metal-api does not have allocated: ${names}`,
      advice:
        'Nothing is to be done if machines were replaced since; otherwise see why they are gone before the Shoot is moved',
    },
  ];
}
