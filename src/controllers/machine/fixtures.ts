import type { Machine, MachineCondition } from '../../apis/machine/machine.ts';
import type { Node } from './node.ts';
import type { Phase } from './phases.ts';
import { defaultPeriods, type MachineSettings } from './settings.ts';

/** For tests. */

export const now = Date.parse('2026-01-02T03:04:05Z');

export const settings: MachineSettings = {
  creationTimeoutMs: 20 * 60_000,
  healthTimeoutMs: 10 * 60_000,
  drainTimeoutMs: 2 * 3_600_000,
  inPlaceUpdateTimeoutMs: 20 * 60_000,
  maxEvictRetries: 360,
  pvDetachTimeoutMs: 2 * 60_000,
  pvReattachTimeoutMs: 90_000,
  nodeConditions: ['DiskPressure'],
  bootstrapTokenGroups: '',
  orphanPeriodMs: 15 * 60_000,
  freezeCheckPeriodMs: 60_000,
  freezeAfterMs: 30_000,
  periods: defaultPeriods,
};

export function machine(
  phase: Phase,
  { metadata, spec, status }: { metadata?: object; spec?: Partial<Machine['spec']>; status?: Machine['status'] } = {},
): Machine {
  return {
    metadata: { name: 'm', namespace: 'ns', ...metadata },
    spec: { class: { kind: 'MachineClass', name: 'c' }, ...spec },
    status: { ...status, currentStatus: { phase, ...status?.currentStatus } },
  };
}

export const ready = (status: string, more: Partial<MachineCondition> = {}): MachineCondition => ({
  type: 'Ready',
  status,
  ...more,
});

export function node(
  conditions: readonly MachineCondition[] = [ready('True')],
  { metadata, spec }: { metadata?: Partial<Node['metadata']>; spec?: Node['spec'] } = {},
): Node {
  return { metadata: { name: 'm', ...metadata }, spec: { ...spec }, status: { conditions } };
}
