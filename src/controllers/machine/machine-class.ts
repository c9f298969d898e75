import { type Machine, type MachineClass, machineClasses } from '../../apis/machine/machine.ts';
import { MachineError } from '../../providers/machine.ts';
import type { Operation } from './context.ts';

/** The class of the Machine; throws a MachineError when there is none. */
export async function classOf({ context, machine, signal }: Operation): Promise<MachineClass> {
  const { kind, name } = classRefOf(machine);
  if (kind !== 'MachineClass') {
    throw new MachineError('InvalidArgument', `spec.class.kind must be MachineClass, not ${JSON.stringify(kind)}`);
  }
  if (!name) throw new MachineError('InvalidArgument', 'spec.class.name is required');
  const key = { namespace: context.namespace, name };
  const known = context.classes.get(key);
  if (known) return known;
  // A Machine can be seen before its class is.
  const live = await context.control.find(machineClasses, key, { signal });
  if (!live) throw new MachineError('InvalidArgument', `there is no MachineClass ${name}`);
  context.classes.remember(live);
  return live;
}

/** A person may have left anything out. */
export function classRefOf({ spec }: Machine): Required<Machine['spec']['class']> {
  const { apiGroup = '', kind = '', name = '' } = (spec.class as Partial<Machine['spec']['class']> | undefined) ?? {};
  return { apiGroup, kind, name };
}

/** Of what a driver cannot make anything of, nothing was made: such a Machine must not stay for ever. */
export function isNeverMade({ spec }: Machine, { code }: MachineError): boolean {
  return !spec.providerID && code === 'InvalidArgument';
}

const resources = ['cpu', 'gpu', 'memory'];

/** What is wrong with a class, as cluster-autoscaler could not scale it from zero; empty when nothing is. */
export function faultsOf({ nodeTemplate }: MachineClass): readonly string[] {
  if (!nodeTemplate) return [];
  const { capacity = {}, instanceType, region, zone } = nodeTemplate;
  const missing = resources.filter((resource) => !(resource in capacity)).map((resource) => `capacity.${resource}`);
  const empty = Object.entries({ instanceType, region, zone }).filter(([, value]) => !value);
  return [...missing, ...empty.map(([name]) => name)].map((field) => `nodeTemplate.${field} is required`);
}
