import { type Finding, isOld } from '../../doctor.ts';
import { machineIDOf } from '../machine/provider-id.ts';
import type { Machine } from '../metal-api/types.ts';
import { CLUSTER_ID, isClusterTag, isTagOf } from '../tags.ts';
import { type Comparison, nameOfMachine } from './holdings.ts';

/** What an object of the seed stands for at metal-api. */
interface Wanted {
  /** e.g. `Machine shoot--a--b-pool-1`. */
  readonly object: string;
  readonly name: string;
  readonly id: string | undefined;
  readonly role: 'machine' | 'firewall';
  readonly isDeleting: boolean;
}

/** Machines and firewalls of a settled cluster beside the objects that stand for them. */
export function machineFindings(comparison: Comparison, now: number): readonly Finding[] {
  const { scope, holdings, snapshot } = comparison;
  const wanted = wantedOf(comparison);
  const own = holdings.machines.filter(
    ({ tags, allocation }) => allocation && tags.some((tag) => isClusterTag(tag) && isTagOf(tag, scope.clusterID)),
  );
  const told = [
    ...own.filter((machine) => !wanted.some((each) => standsFor(each, machine))).flatMap((each) => orphan(each, now)),
    ...duplicates(own),
    ...wanted.flatMap((each) => lost(each, holdings.machines, scope.clusterID)),
  ];
  return told.map((finding) => ({ ...finding, cluster: snapshot.namespace }));
}

type Told = Omit<Finding, 'cluster'>;

function wantedOf({ snapshot, firewalls }: Comparison): readonly Wanted[] {
  const machines = snapshot.machines.map(
    ({ metadata, spec }): Wanted => ({
      ...{ object: `Machine ${metadata.name}`, name: metadata.name, role: 'machine' },
      id: spec.providerID ? machineIDOf(spec.providerID) : undefined,
      isDeleting: metadata.deletionTimestamp !== undefined,
    }),
  );
  const walls = firewalls.map(
    ({ metadata, status }): Wanted => ({
      ...{ object: `Firewall ${metadata.name}`, name: metadata.name, role: 'firewall' },
      id: status?.machineStatus?.machineID,
      isDeleting: metadata.deletionTimestamp !== undefined,
    }),
  );
  return [...machines, ...walls];
}

/** Both are found by name as long as their id is not noted (metal-components C.9, E.3). */
function standsFor({ id, name, role }: Wanted, machine: Machine): boolean {
  return machine.id === id || (machine.allocation?.role === role && machine.allocation.hostname === name);
}

/** A machine that is new may have been ordered by an object that came after the look. */
function orphan(machine: Machine, now: number): readonly Told[] {
  if (!isOld(machine.allocation?.created, now)) return [];
  const isFirewall = machine.allocation?.role === 'firewall';
  return [
    {
      ...{ severity: 'warning', kind: isFirewall ? 'FirewallUnknown' : 'MachineUnknown' },
      object: nameOfMachine(machine),
      message: `is allocated for the cluster, and no ${isFirewall ? 'Firewall' : 'Machine'} stands for it`,
      advice: isFirewall
        ? 'Free it at metal-api, once it is certain that no node reaches the network through it'
        : "The machine controller's orphan collection frees it; if it stays, look at the log of machine-controller-manager",
    },
  ];
}

/** An order whose answer was lost, and that was sent again. */
function duplicates(own: readonly Machine[]): readonly Told[] {
  const groups = Map.groupBy(own, ({ allocation }) => `${allocation?.role} ${allocation?.hostname}`);
  return [...groups].flatMap(([object, machines]): Told[] =>
    machines.length < 2
      ? []
      : [
          {
            ...{ severity: 'error', kind: 'MachineTwice', object },
            message: `is allocated ${machines.length} times: ${machines.map(({ id }) => id).join(', ')}`,
            advice: 'Free those that no Machine or Firewall names in its provider id or status',
          },
        ],
  );
}

function lost(wanted: Wanted, machines: readonly Machine[], clusterID: string): readonly Told[] {
  const { id, object, isDeleting } = wanted;
  if (!id || isDeleting) return [];
  const machine = machines.find((each) => each.id === id && each.allocation);
  const advice =
    wanted.role === 'firewall'
      ? 'Delete the Firewall: firewall-controller-manager makes another'
      : 'Delete the Machine: machine-controller-manager makes another';
  if (!machine) {
    const message = `stands for ${id}, which metal-api does not have allocated in this project`;
    return [{ severity: 'error', kind: 'MachineGone', object, message, advice }];
  }
  const others = machine.tags.filter((tag) => isClusterTag(tag) && !isTagOf(tag, clusterID));
  if (others.length === 0 && machine.tags.some((tag) => isTagOf(tag, clusterID))) return [];
  const message = `stands for ${nameOfMachine(machine)}, which ${others.length > 0 ? `is of another cluster: ${others.join(', ')}` : `does not have the tag ${CLUSTER_ID} of the cluster`}`;
  return [
    {
      ...{ severity: 'error', kind: 'MachineForeign', object, message },
      advice: 'Find out who changed the tags before anything is deleted',
    },
  ];
}
