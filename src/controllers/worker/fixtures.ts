import type { WorkerPool } from '../../apis/extensions/worker.ts';
import type {
  FailedMachine,
  Machine,
  MachineCondition,
  MachineDeployment,
  MachineSet,
} from '../../apis/machine/machine.ts';
import type { WantedDeployment } from './wanted.ts';

export const pool: WorkerPool = {
  name: 'pool',
  minimum: 2,
  maximum: 4,
  maxSurge: 1,
  maxUnavailable: 0,
  machineType: 'c1',
  machineImage: { name: 'ubuntu', version: '24.04' },
  nodeAgentSecretName: 'agent',
  labels: { a: 'b' },
};

export const wantedDeployment = (change: Partial<WantedDeployment> = {}): WantedDeployment => ({
  name: 'd',
  className: 'd-11111',
  pool,
  content: { provider: 'test', providerSpec: { size: 'c1', tags: ['x'] }, secretData: { token: btoa('t') } },
  nodeLabels: {},
  minimum: 2,
  maximum: 4,
  maxSurge: 1,
  maxUnavailable: 0,
  preserveFailedMax: undefined,
  ...change,
});

export const good: readonly MachineCondition[] = [{ type: 'Available', status: 'True' }];

/** Healthy, with two machines. */
export function liveDeployment(
  status: MachineDeployment['status'] = {},
  spec: Partial<MachineDeployment['spec']> = {},
): MachineDeployment {
  return {
    metadata: { name: 'd', namespace: 'ns', uid: 'uid-d', generation: 3 },
    spec: { replicas: 2, template: { spec: { class: { kind: 'MachineClass', name: 'd-11111' } } }, ...spec },
    status: {
      observedGeneration: 3,
      replicas: 2,
      updatedReplicas: 2,
      availableReplicas: 2,
      unavailableReplicas: 0,
      conditions: good,
      ...status,
    },
  };
}

export function machineSet(className: string, replicas = 2, owner = 'uid-d'): MachineSet {
  const ownerReferences = [{ apiVersion: '', kind: 'MachineDeployment', name: 'd', uid: owner }];
  return {
    metadata: { name: `set-${className}`, namespace: 'ns', uid: `uid-${className}`, ownerReferences },
    spec: { replicas, template: { spec: { class: { kind: 'MachineClass', name: className } } } },
    status: { replicas },
  };
}

export function machine(set: MachineSet, reason?: string): Machine {
  const { name, uid = '' } = set.metadata;
  return {
    metadata: {
      name: `${name}-1`,
      namespace: 'ns',
      labels: { name: 'd' },
      ownerReferences: [{ apiVersion: '', kind: 'MachineSet', name, uid }],
    },
    spec: { class: { kind: 'MachineClass', name: '' } },
    status: { conditions: reason ? [{ type: 'InPlaceUpdate', status: 'True', reason }] : [] },
  };
}

export const failedMachine = (name: string, description: string): FailedMachine => ({
  name,
  lastOperation: { description, state: 'Failed', type: 'Create' },
});
