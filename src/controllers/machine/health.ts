import { failedReasonAnnotation, resultLabel } from '../../apis/machine/in-place.ts';
import type { Machine } from '../../apis/machine/machine.ts';
import { describeConditions, haveChanged, isHealthy } from './conditions.ts';
import { type Ages, type TimedOut, timeoutOf } from './health-timeouts.ts';
import { criticalComponentsTaint } from './names.ts';
import type { Node } from './node.ts';
import { type Phase, phaseOf } from './phases.ts';
import type { MachineSettings } from './settings.ts';
import type { StatusChange } from './status.ts';

export interface Health extends TimedOut {
  /** It has come up for the first time. */
  readonly hasJoined?: boolean;
}

/** What a Machine's status must say of its Node, which may be missing (metal-components F.5). */
export function judge(machine: Machine, node: Node | undefined, settings: MachineSettings, ages: Ages): Health {
  const live = node?.status?.conditions ?? [];
  const copied = machine.status?.conditions ?? [];
  const conditions = node && haveChanged(copied, live) ? { conditions: live } : {};
  const step = transition(machine, node, settings);
  if (step) return { ...step, change: { ...conditions, ...step.change } };
  const timeout = timeoutOf(machine, settings, ages, node ? live : copied);
  const change = { ...conditions, ...timeout.change };
  return { ...timeout, ...(Object.keys(change).length > 0 ? { change } : {}) };
}

function transition(machine: Machine, node: Node | undefined, settings: MachineSettings): Health | undefined {
  const phase = phaseOf(machine);
  if (phase === 'InPlaceUpdating' || phase === 'InPlaceUpdateFailed') return node && updated(machine, node, phase);
  const conditions = node?.status?.conditions ?? [];
  if (node && isHealthy(conditions, settings.nodeConditions)) {
    return mayRun(phase, node) ? running(machine, phase) : undefined;
  }
  return phase === 'Running' ? { change: unknown(machine, node) } : undefined;
}

function mayRun(phase: Phase, node: Node): boolean {
  if (phase === 'Pending') return !isWaitingForComponents(node);
  return phase === 'Unknown' || phase === 'InPlaceUpdateSuccessful';
}

function isWaitingForComponents({ spec }: Node): boolean {
  return spec?.taints?.some(({ key, effect }) => key === criticalComponentsTaint && effect === 'NoSchedule') ?? false;
}

function running({ metadata: { name }, status }: Machine, phase: Phase): Health {
  const { type, state } = status?.lastOperation ?? {};
  const hasJoined = phase === 'Pending' || (type === 'Create' && state !== 'Successful');
  const description = `Machine ${name} successfully ${hasJoined ? 'joined' : 're-joined'} the cluster`;
  const operation = { type: hasJoined ? 'Create' : 'HealthCheck', state: 'Successful', description } as const;
  return { change: { phase: 'Running', operation }, hasJoined };
}

function unknown({ metadata: { name } }: Machine, node: Node | undefined): StatusChange {
  const description = node
    ? `Machine ${name} is unhealthy - changing MachinePhase to Unknown. Node conditions: ${describeConditions(node.status?.conditions ?? [])}`
    : `Node object went missing. Machine ${name} is unhealthy - changing MachinePhase to Unknown`;
  return {
    phase: 'Unknown',
    timeoutActive: true,
    operation: { type: 'HealthCheck', state: 'Processing', description },
  };
}

function updated({ metadata: { name } }: Machine, node: Node, phase: Phase): Health | undefined {
  const type = 'InPlaceUpdate';
  const result = node.metadata.labels?.[resultLabel];
  if (result === 'successful') {
    const description = `Machine ${name} successfully updated dependencies`;
    return { change: { phase: 'InPlaceUpdateSuccessful', operation: { type, state: 'Successful', description } } };
  }
  if (result !== 'failed' || phase === 'InPlaceUpdateFailed') return undefined;
  const reason = node.metadata.annotations?.[failedReasonAnnotation] ?? '';
  const description = `Machine ${name} failed to update dependencies: ${reason}`;
  return { change: { phase: 'InPlaceUpdateFailed', operation: { type, state: 'Failed', description } } };
}
