import type { Machine, MachineDeployment } from '../../../apis/machine/machine.ts';
import type { KubeObject } from '../../../kube/object.ts';
import { type Health, healthy, progressing, unhealthy } from '../../health.ts';
import { codesOfMachineError } from '../worker/machine-errors.ts';
import { type StatusCondition, told } from './small.ts';

export interface Node extends KubeObject {
  readonly status?: { readonly conditions?: readonly StatusCondition[] };
}

export interface ObservedNodes {
  readonly deployments: readonly MachineDeployment[];
  readonly machines: readonly Machine[];
  readonly nodes: readonly Node[];
}

const scaleUpMs = 5 * 60_000;
const scaleDownMs = 15 * 60_000;

/** Set by machine-controller-manager on nodes that it has no machine for. */
const notManaged = 'node.machine.sapcloud.io/not-managed-by-mcm';
/** The machine was not made, does not answer, or has been given up. */
const badPhases = ['CrashLoopBackOff', 'Unknown', 'Failed', 'InPlaceUpdateFailed'];
const shown = 3;

/**
 * Whether all nodes that are wanted are there and ready. Machines that have failed come first: they explain the rest, and
 * machine-controller-manager's conditions last: they are False while machines come (gardener-contract 5.6).
 */
export function nodesHealth(observed: ObservedNodes): Health {
  const { deployments } = observed;
  return (
    failedMachines(deployments) ??
    badMachines(observed.machines) ??
    notReady(observed) ??
    scaling(observed) ??
    badDeployments(deployments) ??
    healthy
  );
}

function failedMachines(deployments: readonly MachineDeployment[]): Health | undefined {
  const failed = deployments.flatMap(({ status }) => status?.failedMachines ?? []);
  const texts = failed.map(({ lastOperation }) => lastOperation?.description ?? 'no description');
  if (failed.length === 0) return undefined;
  const said = failed.map(({ name = 'unknown' }, index) => `machine "${name}" failed: ${texts[index]}`);
  return unhealthy(listed(said), [...new Set(texts.flatMap(codesOfMachineError))]);
}

function badMachines(machines: readonly Machine[]): Health | undefined {
  const bad = machines.filter(({ status }) => badPhases.includes(status?.currentStatus?.phase ?? ''));
  if (bad.length === 0) return undefined;
  const texts = bad.map(({ status }) => status?.lastOperation?.description ?? '');
  const said = bad.map(
    ({ metadata, status }, index) =>
      `machine "${metadata.name}" is ${status?.currentStatus?.phase}${texts[index] ? `: ${texts[index]}` : ''}`,
  );
  return unhealthy(listed(said), [...new Set(texts.flatMap(codesOfMachineError))]);
}

/** Nodes that are neither coming nor going must be ready. */
function notReady({ machines, nodes }: ObservedNodes): Health | undefined {
  const moving = new Set(machines.filter((one) => isComing(one) || isGoing(one)).flatMap(nodeOf));
  const bad = nodes.filter((node) => isManaged(node) && !isReady(node) && !moving.has(node.metadata.name));
  if (bad.length === 0) return undefined;
  const said = bad.map(({ metadata, status }) => {
    const condition = status?.conditions?.find(({ type }) => type === 'Ready');
    return `node "${metadata.name}": ${condition ? told(condition) : 'Ready is not reported'}`;
  });
  return unhealthy(listed(said));
}

function scaling({ deployments, machines, nodes }: ObservedNodes): Health | undefined {
  const desired = deployments
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .reduce((sum, { spec }) => sum + (spec.replicas ?? 0), 0);
  const going = new Set(machines.filter(isGoing).flatMap(nodeOf));
  const managed = nodes.filter(isManaged);
  const ready = managed.filter((node) => isReady(node) && !going.has(node.metadata.name)).length;
  if (ready < desired) {
    const made = machines.filter((machine) => !isGoing(machine)).length;
    const what =
      made < desired
        ? `${made} of ${desired} machines have been created`
        : `${ready} of ${desired} nodes have joined the cluster and are ready`;
    return progressing(`machines are coming up: ${what}`, scaleUpMs);
  }
  const extra = managed.length - desired;
  if (extra <= 0) return undefined;
  return progressing(
    `${extra} more node(s) than wanted are to be drained and removed; if this lasts, look at PodDisruptionBudgets`,
    scaleDownMs,
  );
}

function badDeployments(deployments: readonly MachineDeployment[]): Health | undefined {
  for (const { metadata, spec, status } of deployments) {
    if (metadata.deletionTimestamp) continue;
    const isManual = spec.strategy?.inPlaceUpdate?.orchestrationType === 'Manual';
    const bad = status?.conditions?.find(
      ({ type, status }) =>
        (type === 'Available' && status !== 'True') ||
        (type === 'Progressing' && status !== 'True' && !isManual) ||
        ((type === 'ReplicaFailure' || type === 'Frozen') && status !== 'False'),
    );
    if (bad) return unhealthy(`machine deployment "${metadata.name}": ${told(bad)}`);
    if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
      return progressing(`machine deployment "${metadata.name}": its newest state has not been seen yet`, scaleUpMs);
    }
  }
  return undefined;
}

const isManaged = ({ metadata }: Node): boolean => metadata.annotations?.[notManaged] !== '1';

const isComing = ({ status }: Machine): boolean =>
  ['', 'Pending', 'InPlaceUpdating'].includes(status?.currentStatus?.phase ?? '');

const isGoing = ({ metadata, status }: Machine): boolean =>
  metadata.deletionTimestamp !== undefined || status?.currentStatus?.phase === 'Terminating';

/** A label tells its node; none before it has joined. */
const nodeOf = ({ metadata }: Machine): string[] => (metadata.labels?.node ? [metadata.labels.node] : []);

const isReady = ({ status }: Node): boolean =>
  status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

function listed(texts: readonly string[]): string {
  const first = texts.toSorted().slice(0, shown);
  const more = texts.length > first.length ? ` and ${texts.length - first.length} more` : '';
  return `${first.map((text) => text.slice(0, 500)).join('; ')}${more}`;
}
