import type { FailedMachine, Machine, MachineDeployment, MachineSet } from '../../apis/machine/machine.ts';
import { isInUpdate } from './in-place.ts';
import { named } from './named.ts';
import type { WantedDeployment } from './wanted.ts';

/** What there is in the Worker's namespace. */
export interface ObservedMachines {
  readonly deployments: readonly MachineDeployment[];
  readonly sets: readonly MachineSet[];
  readonly machines: readonly Machine[];
}

/** Something that a MachineDeployment still lacks. */
export interface Missing {
  readonly deployment: string;
  readonly what: string;
}

export interface Availability {
  readonly missing: readonly Missing[];
  readonly failed: readonly FailedMachine[];
  /** Machines that are available, of those that are wanted. */
  readonly available: number;
  readonly desired: number;
}

/** Whether the machines are as wanted: those that are there are the new ones, and none is missing (gardener-contract 2.7). */
export function availabilityOf(wanted: readonly WantedDeployment[], observed: ObservedMachines): Availability {
  const live = wanted.map((one) => observed.deployments.find(({ metadata }) => metadata.name === one.name));
  const total = (count: (deployment: MachineDeployment) => number | undefined) =>
    live.reduce((sum, deployment) => sum + ((deployment && count(deployment)) ?? 0), 0);
  return {
    missing: wanted.flatMap((one, index) => missingOf(one, live[index], observed) ?? []),
    failed: failedMachinesOf(live.flatMap((deployment) => deployment ?? [])),
    available: total(({ status }) => status?.availableReplicas),
    desired: total(({ spec }) => spec.replicas),
  };
}

/** Whether a Shoot sleeps: no machine is left, nor is one on its way out. */
export function hibernationOf(wanted: readonly WantedDeployment[], observed: ObservedMachines): Availability {
  const missing = wanted.flatMap(({ name }) => {
    const status = observed.deployments.find(({ metadata }) => metadata.name === name)?.status;
    const machines = observed.machines.filter(({ metadata }) => metadata.labels?.name === name);
    const awake = Math.max(machines.length, status?.replicas ?? 0);
    return awake > 0 ? [{ deployment: name, what: `${awake} machine(s) are still awake` }] : [];
  });
  const deployments = observed.deployments.filter(({ metadata }) => wanted.some(({ name }) => name === metadata.name));
  return { missing, failed: failedMachinesOf(deployments), available: 0, desired: 0 };
}

/** A failure that machine-controller-manager noted before it has seen the present spec is not one of the present spec. */
export function failedMachinesOf(deployments: readonly MachineDeployment[]): readonly FailedMachine[] {
  return deployments.filter(isObserved).flatMap(({ status }) => status?.failedMachines ?? []);
}

function missingOf(
  { name, className }: WantedDeployment,
  live: MachineDeployment | undefined,
  { sets, machines }: ObservedMachines,
): Missing | undefined {
  const missing = (what: string) => ({ deployment: name, what });
  if (!live) return missing('does not exist: somebody has deleted it, the next try makes it anew');
  if (!isObserved(live)) return missing('machine-controller-manager has not seen its newest state; is it running?');
  const own = sets.filter((set) => isOwnedBy(set, live));
  const current = own.filter((set) => classOf(set) === className);
  if (current.length === 0) {
    return missing(`has no MachineSet of class ${className}; is machine-controller-manager running?`);
  }
  const isManual = live.spec.strategy?.inPlaceUpdate?.orchestrationType === 'Manual';
  const condition = badCondition(live, isManual);
  if (condition) return missing(condition);
  // A machine that is to be updated by hand may wait for ever.
  const old = isManual ? own.filter((set) => !current.includes(set)) : [];
  const updating = machines.filter((machine) => old.some((set) => isOwnedBy(machine, set)) && isInUpdate(machine));
  if (updating.length > 0) return missing(`${updating.length} machine(s) are being updated in place`);
  const coming = machines.filter(({ metadata, status }) => metadata.labels?.name === name && !isRunning(status));
  const machinesMissing = missingMachines(live, old, own, coming);
  return machinesMissing ? missing(machinesMissing) : undefined;
}

function missingMachines(
  { status = {} }: MachineDeployment,
  old: readonly MachineSet[],
  own: readonly MachineSet[],
  coming: readonly Machine[],
): string | undefined {
  const { replicas = 0, updatedReplicas = 0, unavailableReplicas = 0 } = status;
  const preserved = own.reduce((sum, set) => sum + (set.status?.autoPreserveFailedMachineCount ?? 0), 0);
  if (unavailableReplicas > preserved) {
    return `${unavailableReplicas} machine(s) are not available yet${coming.length > 0 ? `: ${named(coming)}` : ''}`;
  }
  const waiting = old.reduce((sum, set) => sum + (set.status?.replicas ?? 0), 0);
  const outdated = replicas - updatedReplicas - waiting;
  return outdated > 0 ? `${outdated} machine(s) are still to be replaced` : undefined;
}

const isRunning = (status: Machine['status']): boolean => status?.currentStatus?.phase === 'Running';

function isObserved({ metadata, status }: MachineDeployment): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}

function badCondition({ status }: MachineDeployment, isManual: boolean): string | undefined {
  const conditions = new Map(status?.conditions?.map((condition) => [condition.type, condition]));
  const required = [
    { type: 'Available', good: 'True', mayBeAbsent: false },
    ...(isManual ? [] : [{ type: 'Progressing', good: 'True', mayBeAbsent: true }]),
    { type: 'ReplicaFailure', good: 'False', mayBeAbsent: true },
    { type: 'Frozen', good: 'False', mayBeAbsent: true },
  ];
  const bad = required.find(
    ({ type, good, mayBeAbsent }) => (conditions.get(type)?.status ?? (mayBeAbsent ? good : '')) !== good,
  );
  if (!bad) return undefined;
  const { message, status: is = 'missing' } = conditions.get(bad.type) ?? {};
  return `condition ${bad.type} is ${is}${message ? `: ${message}` : ''}`;
}

export function isOwnedBy(
  { metadata }: MachineSet | Machine,
  { metadata: owner }: MachineDeployment | MachineSet,
): boolean {
  return metadata.ownerReferences?.some(({ uid }) => uid === owner.uid) ?? false;
}

export function classOf({ spec }: MachineSet): string | undefined {
  return spec.template?.spec.class.name ?? spec.machineClass?.name;
}

/** For people, in the status: how far it is, and the first things that are missing. */
export function describeAvailability({ missing, available, desired }: Availability): string {
  const shown = missing.slice(0, 3).map(({ deployment, what }) => `${deployment}: ${what}`);
  const more = missing.length > shown.length ? ` and ${missing.length - shown.length} more` : '';
  return `${available}/${desired} machine(s) available. ${shown.join('; ')}${more}`;
}
