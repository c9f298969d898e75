import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { type Machine, machines } from '../../src/apis/machine/machine.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { eventually } from '../scene/eventually.ts';
import { createMachineObject, join, machineOf } from './machine-stage.ts';

interface Place {
  readonly control: KubeClient;
  readonly target: KubeClient;
  /** Has a class `small`. */
  readonly namespace: string;
}

export const freshName = (): string => `m-${randomBytes(4).toString('hex')}`;

/** What tests do with Machines again and again; `place` is asked at each call. */
export function machineActions(place: () => Place) {
  const get = (name: string) => {
    const { control, namespace } = place();
    return control.get(machines, { namespace, name });
  };
  const expectPhase = (name: string, phase: string) =>
    eventually(async () => {
      const machine = await get(name);
      expect(machine.status?.currentStatus?.phase).toBe(phase);
      return machine;
    });
  const make = async (spec: Partial<Machine['spec']> = {}): Promise<string> => {
    const { control, namespace } = place();
    const name = freshName();
    await createMachineObject(control, machineOf(namespace, name, 'small', spec));
    return name;
  };
  return {
    get,
    expectPhase,
    make,
    async makeRunning(spec: Partial<Machine['spec']> = {}): Promise<string> {
      const name = await make(spec);
      await expectPhase(name, 'Pending');
      await join(place().target, name);
      await expectPhase(name, 'Running');
      return name;
    },
    expectGone: (name: string) =>
      eventually(async () => {
        const { control, namespace } = place();
        expect(await control.find(machines, { namespace, name })).toBeUndefined();
      }),
  };
}
