import { type Machine, machines } from '../../apis/machine/machine.ts';
import type { MachineInstance } from '../../providers/machine.ts';
import type { Operation } from './context.ts';
import { nodeLabel, priorityAnnotation } from './names.ts';

/** Writes into the Machine which machine is its, and which Node: from here on, they are found by it. */
export async function writeDown(
  { context, machine, signal }: Operation,
  { providerID, nodeName }: Partial<MachineInstance>,
): Promise<Machine> {
  const { uid, labels = {}, annotations = {} } = machine.metadata;
  const isLabelled = !context.target || labels[nodeLabel] === nodeName;
  const isNamed = providerID === undefined || machine.spec.providerID === providerID;
  const hasPriority = annotations[priorityAnnotation] !== undefined;
  if (isNamed && isLabelled && hasPriority) return machine;
  const patch = {
    metadata: {
      uid,
      ...(isLabelled ? {} : { labels: { [nodeLabel]: nodeName } }),
      ...(hasPriority ? {} : { annotations: { [priorityAnnotation]: '3' } }),
    },
    ...(isNamed ? {} : { spec: { providerID } }),
  };
  const written = await context.control.mergePatch(machines, machine.metadata, patch, { signal });
  context.machines.remember(written);
  return written;
}
