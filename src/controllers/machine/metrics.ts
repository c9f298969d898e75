import { Gauge, type Registry } from 'prom-client';
import type { Machine } from '../../apis/machine/machine.ts';
import { classRefOf } from './machine-class.ts';
import { nodeLabel } from './names.ts';
import { type Phase, phaseOf } from './phases.ts';

/** What is counted when metrics are read. */
export interface MachineGauges {
  machines(): readonly Machine[];
  isFrozen(): boolean;
}

const phaseValues: Readonly<Partial<Record<Phase, number>>> = {
  Terminating: -4,
  Failed: -3,
  CrashLoopBackOff: -2,
  Unknown: -1,
  Running: 1,
  Available: 1,
};
const conditionValues: Readonly<Record<string, number>> = { True: 1, False: 0, Unknown: 2 };

/** MCM's metrics, under their names and labels, so that existing dashboards fit. To be called once for a registry. */
export function createMachineMetrics(registry: Registry, gauges: MachineGauges): void {
  const registers = [registry];
  const labelNames = ['name', 'namespace'] as const;
  const labelsOf = ({ metadata: { name, namespace = '' } }: Machine) => ({ name, namespace });
  new Gauge({
    name: 'mcm_machine_items_total',
    help: 'Machines that are managed',
    registers,
    collect() {
      this.set(gauges.machines().length);
    },
  });
  new Gauge({
    name: 'mcm_machine_controller_frozen',
    help: 'Whether machines are left alone, because an API server cannot be reached',
    registers,
    collect() {
      this.set(gauges.isFrozen() ? 1 : 0);
    },
  });
  new Gauge({
    name: 'mcm_machine_current_status_phase',
    help: 'Phase of each machine: -4 Terminating, -3 Failed, -2 CrashLoopBackOff, -1 Unknown, 0 Pending, 1 Running',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const machine of gauges.machines()) this.set(labelsOf(machine), phaseValues[phaseOf(machine)] ?? 0);
    },
  });
  new Gauge({
    name: 'mcm_machine_status_condition',
    help: 'Conditions of each machine: 0 False, 1 True, 2 Unknown',
    labelNames: [...labelNames, 'condition'],
    registers,
    collect() {
      this.reset();
      for (const machine of gauges.machines()) {
        for (const { type, status } of machine.status?.conditions ?? []) {
          this.set({ ...labelsOf(machine), condition: type }, conditionValues[status] ?? 2);
        }
      }
    },
  });
  createInfo(registry, gauges);
}

function createInfo(registry: Registry, gauges: MachineGauges): void {
  const spec = ['spec_provider_id', 'spec_class_api_group', 'spec_class_kind', 'spec_class_name'] as const;
  new Gauge({
    name: 'mcm_machine_info',
    help: 'What each machine is',
    labelNames: ['name', 'namespace', 'createdAt', ...spec, 'node_name'],
    registers: [registry],
    collect() {
      this.reset();
      for (const machine of gauges.machines()) {
        const { name, namespace = '', creationTimestamp, labels } = machine.metadata;
        const { apiGroup, kind, name: className } = classRefOf(machine);
        this.set(
          {
            name,
            namespace,
            createdAt: String(Math.floor(Date.parse(creationTimestamp ?? '') / 1000) || 0),
            spec_provider_id: machine.spec.providerID ?? '',
            spec_class_api_group: apiGroup,
            spec_class_kind: kind,
            spec_class_name: className,
            node_name: labels?.[nodeLabel] ?? '',
          },
          1,
        );
      }
    },
  });
}
