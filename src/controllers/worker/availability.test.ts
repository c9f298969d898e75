import { describe, expect, it } from 'vitest';
import type { Machine, MachineDeployment } from '../../apis/machine/machine.ts';
import { availabilityOf, describeAvailability, hibernationOf, type ObservedMachines } from './availability.ts';
import { failedMachine, good, liveDeployment, machine, machineSet, wantedDeployment } from './fixtures.ts';

const current = machineSet('d-11111');
const old = machineSet('d-00000');
const manual: Partial<MachineDeployment['spec']> = {
  strategy: { type: 'InPlaceUpdate', inPlaceUpdate: { orchestrationType: 'Manual' } },
};
const observed = (
  deployment: MachineDeployment | undefined,
  more: Partial<ObservedMachines> = {},
): ObservedMachines => ({ deployments: deployment ? [deployment] : [], sets: [current], machines: [], ...more });
const coming = (name: string, phase: string, deployment: string): Machine => ({
  metadata: { name, namespace: 'ns', labels: { name: deployment } },
  spec: { class: { kind: 'MachineClass', name: 'd-11111' } },
  status: { currentStatus: { phase }, lastOperation: { description: 'no stock' } },
});
const noSet = 'has no MachineSet of class d-11111; is machine-controller-manager running?';
const bad = (type: string, status: string) => ({ conditions: [...good, { type, status, message: 'because' }] });

describe('availabilityOf', () => {
  const cases: [string, ObservedMachines, string | undefined][] = [
    ['all as wanted', observed(liveDeployment()), undefined],
    ['no deployment', observed(undefined), 'does not exist: somebody has deleted it, the next try makes it anew'],
    [
      'not seen',
      observed(liveDeployment({ observedGeneration: 2 })),
      'machine-controller-manager has not seen its newest state; is it running?',
    ],
    ['no set', observed(liveDeployment(), { sets: [] }), noSet],
    ['the old set only', observed(liveDeployment(), { sets: [old] }), noSet],
    ["another's set", observed(liveDeployment(), { sets: [machineSet('d-11111', 2, 'other')] }), noSet],
    ['never available', observed(liveDeployment({ conditions: [] })), 'condition Available is missing'],
    [
      'not progressing',
      observed(liveDeployment(bad('Progressing', 'False'))),
      'condition Progressing is False: because',
    ],
    ['progressing', observed(liveDeployment(bad('Progressing', 'True'))), undefined],
    ['updates by hand do not progress', observed(liveDeployment(bad('Progressing', 'False'), manual)), undefined],
    [
      'replica failure',
      observed(liveDeployment(bad('ReplicaFailure', 'True'))),
      'condition ReplicaFailure is True: because',
    ],
    ['frozen', observed(liveDeployment(bad('Frozen', 'True'))), 'condition Frozen is True: because'],
    ['thawed', observed(liveDeployment(bad('Frozen', 'False'))), undefined],
    ['unavailable', observed(liveDeployment({ unavailableReplicas: 1 })), '1 machine(s) are not available yet'],
    [
      'unavailable, with machines that say why',
      observed(liveDeployment({ unavailableReplicas: 1 }), {
        machines: [coming('m1', 'Pending', 'd'), coming('m2', 'Running', 'd'), coming('m3', 'Pending', 'other')],
      }),
      '1 machine(s) are not available yet: m1 (no stock)',
    ],
    [
      'unavailable, but preserved after a failure',
      observed(liveDeployment({ unavailableReplicas: 1 }), {
        sets: [{ ...current, status: { replicas: 2, autoPreserveFailedMachineCount: 1 } }],
      }),
      undefined,
    ],
    ['rolling', observed(liveDeployment({ replicas: 3, updatedReplicas: 1 })), '2 machine(s) are still to be replaced'],
    [
      'waiting for updates by hand',
      observed(liveDeployment({ updatedReplicas: 0 }, manual), {
        sets: [current, old],
        machines: [machine(old, 'CandidateForUpdate')],
      }),
      undefined,
    ],
    [
      'updated by hand right now',
      observed(liveDeployment({ updatedReplicas: 0 }, manual), {
        sets: [current, old],
        machines: [machine(old, 'SelectedForUpdate')],
      }),
      '1 machine(s) are being updated in place',
    ],
  ];
  it.each(cases)('%s', (_, state, what) => {
    expect(availabilityOf([wantedDeployment()], state).missing).toEqual(what ? [{ deployment: 'd', what }] : []);
  });

  it('tells failed machines, but not those of a spec that is outdated', () => {
    const failedMachines = [failedMachine('m', 'no stock')];
    const failed = (status: MachineDeployment['status']) =>
      availabilityOf([wantedDeployment()], observed(liveDeployment({ failedMachines, ...status }))).failed;
    expect(failed({})).toEqual(failedMachines);
    expect(failed({ observedGeneration: 2 })).toEqual([]);
  });

  it('is told in words', () => {
    const wanted = ['a', 'b', 'c', 'd', 'e'].map((name) => wantedDeployment({ name }));
    const state = observed(liveDeployment({ availableReplicas: 1, unavailableReplicas: 1 }));
    expect(describeAvailability(availabilityOf(wanted, state))).toEqual(
      expect.stringMatching(/^1\/2 machine\(s\) available\. a: does not exist.*; b: .*; c: .* and 2 more$/),
    );
  });
});

describe('hibernationOf', () => {
  const asleep = liveDeployment({ replicas: 0 });
  const cases: [string, ObservedMachines, string | undefined][] = [
    ['asleep', observed(asleep), undefined],
    ['never awake', observed(undefined), undefined],
    ['awake', observed(liveDeployment()), '2 machine(s) are still awake'],
    ['a machine on its way out', observed(asleep, { machines: [machine(current)] }), '1 machine(s) are still awake'],
  ];
  it.each(cases)('%s', (_, state, what) => {
    expect(hibernationOf([wantedDeployment()], state).missing).toEqual(what ? [{ deployment: 'd', what }] : []);
  });
});
