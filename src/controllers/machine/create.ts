import { type Machine, type MachineClass, machines } from '../../apis/machine/machine.ts';
import type { ReconcileResult } from '../../kube/controller.ts';
import { keyOf } from '../../kube/object.ts';
import { MachineError, type MachineInstance, type MachineRequest } from '../../providers/machine.ts';
import { ensureBootstrapToken } from './bootstrap-token.ts';
import type { Operation } from './context.ts';
import { classOf, classRefOf, faultsOf } from './machine-class.ts';
import { machineFinalizer, nodeLabel, priorityAnnotation } from './names.ts';
import { type Phase, phaseOf } from './phases.ts';
import { retryAfter } from './retry.ts';
import type { MachineSettings } from './settings.ts';
import { describeError } from './status.ts';
import { filledIn } from './user-data.ts';
import { writeStatus } from './write-status.ts';

/** Whether it is still to be made, or to be found again after it was made. */
export function isToBeCreated(machine: Machine): boolean {
  const phase = phaseOf(machine);
  return phase === '' || phase === 'CrashLoopBackOff' || (phase === 'Pending' && !machine.spec.providerID);
}

/**
 * Makes the machine, or finds the one that an earlier try has made, writes down which it is, and has it wait for its Node
 * (metal-components F.4).
 */
export async function createMachine(operation: Operation): Promise<ReconcileResult | undefined> {
  const { context, machine, settings, log } = operation;
  const key = keyOf(machine.metadata);
  const facts = factsOf(operation);
  const leftMs = context.holdOff.left(key, facts);
  const creationLeftMs = settings.creationTimeoutMs - ageOf(operation);
  if (phaseOf(machine) === 'CrashLoopBackOff' && creationLeftMs <= 0) return giveUp(operation);
  if (leftMs > 0) return { requeueAfterMs: Math.min(leftMs, creationLeftMs) };
  try {
    const machineClass = await classOf(operation);
    // Its controller adds the finalizer and asks for the machine again.
    if (!machineClass.metadata.finalizers?.includes(machineFinalizer)) return undefined;
    const instance = await provide(operation, machineClass);
    await present(operation, instance);
    return { requeueAfterMs: Math.max(0, creationLeftMs) };
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    const delayMs = retryAfter('create', error.code, settings.periods);
    context.holdOff.set(key, facts, delayMs);
    log.warn({ code: error.code, error }, 'Machine could not be created');
    const description = `Cloud provider message - ${describeError(error)}`;
    await writeStatus(operation, context.machines.get(machine.metadata) ?? machine, {
      phase: failurePhase(ageOf(operation), settings),
      operation: { type: 'Create', state: 'Failed', description, errorCode: error.code },
    });
    return { requeueAfterMs: delayMs };
  }
}

/** MCM's MachineSet replaces a failed machine; one in CrashLoopBackOff is tried again. */
function failurePhase(ageMs: number, { creationTimeoutMs }: MachineSettings): Phase {
  return ageMs > creationTimeoutMs ? 'Failed' : 'CrashLoopBackOff';
}

function ageOf({ context, machine }: Operation): number {
  const { creationTimestamp } = machine.metadata;
  return context.elapsed.since(keyOf(machine.metadata), 'creation', creationTimestamp);
}

/** What a failed try is to be repeated for at once when it changes. */
function factsOf({ context, machine }: Operation): string {
  const machineClass = context.classes.get({ namespace: context.namespace, name: classRefOf(machine).name });
  if (!machineClass) return 'no class';
  return `create ${machineClass.metadata.generation} ${context.secretData.versionOf(machineClass)}`;
}

async function giveUp(operation: Operation): Promise<undefined> {
  const { machine } = operation;
  await writeStatus(operation, machine, { phase: 'Failed' });
}

async function provide(operation: Operation, machineClass: MachineClass): Promise<MachineInstance> {
  const { context, machine, signal } = operation;
  const faults = faultsOf(machineClass);
  if (faults.length > 0) throw new MachineError('InvalidArgument', `MachineClass is not valid: ${faults.join(', ')}`);
  const secret = await context.secretData.of(machineClass, signal);
  const request: MachineRequest = { machine, machineClass, secret, signal };
  return machine.spec.providerID ? found(operation, request) : made(operation, request);
}

/** The driver finds one of that name before it makes one, so it need not be asked for its status first. */
async function made(operation: Operation, request: MachineRequest): Promise<MachineInstance> {
  const { context, machine } = operation;
  const userData = await userDataOf(operation, request);
  const instance = await context.driver.create({ ...request, userData });
  if (isStale(operation, instance)) await discard(operation, request, instance);
  const { providerID, nodeName } = instance;
  return initialized(
    operation,
    { ...request, machine: await writeDown(operation, machine, providerID, nodeName) },
    instance,
  );
}

/** One that has a provider id exists, or existed: nothing is made in its place. */
async function found(operation: Operation, request: MachineRequest): Promise<MachineInstance> {
  const { context, machine } = operation;
  const known = { providerID: machine.spec.providerID ?? '', nodeName: machine.metadata.labels?.[nodeLabel] ?? '' };
  try {
    const instance = await context.driver.status(request);
    await writeDown(operation, machine, instance.providerID, instance.nodeName);
    return instance;
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    if (error.code === 'Uninitialized') return initialized(operation, request, known);
    if (error.code === 'NotFound' || error.code === 'Unimplemented') return known;
    throw error;
  }
}

async function userDataOf(
  { context, machine, settings, signal }: Operation,
  { secret }: MachineRequest,
): Promise<string> {
  const { name } = machine.metadata;
  const text = secret.userData?.toString();
  if (text === undefined)
    throw new MachineError('InvalidArgument', 'userData is missing in the Secret of the MachineClass');
  const { target, clock, random } = context;
  const { creationTimeoutMs: lifetimeMs, bootstrapTokenGroups: groups } = settings;
  const request = { machineName: name, groups, now: clock.now(), lifetimeMs, random };
  const token = target && (await ensureBootstrapToken(target.client, request, signal));
  return filledIn(text, { name, token });
}

/** A Node of the name that the machine gets, but of another machine: the new one could never join. */
function isStale({ context, machine }: Operation, { nodeName }: MachineInstance): boolean {
  return nodeName !== machine.metadata.name && context.target?.nodes.get({ name: nodeName }) !== undefined;
}

async function discard(
  { context }: Operation,
  request: MachineRequest,
  { providerID, nodeName }: MachineInstance,
): Promise<never> {
  const machine = { ...request.machine, spec: { ...request.machine.spec, providerID } };
  await context.driver.delete({ ...request, machine });
  throw new MachineError('AlreadyExists', `there is a Node ${nodeName} already, which is not of this machine`);
}

async function initialized(
  { context }: Operation,
  request: MachineRequest,
  instance: MachineInstance,
): Promise<MachineInstance> {
  try {
    return await context.driver.initialize(request);
  } catch (error) {
    if (error instanceof MachineError && error.code === 'Unimplemented') return instance;
    throw error;
  }
}

/** From here on, the machine is found by what stands in the Machine. */
async function writeDown(
  { context, signal }: Operation,
  machine: Machine,
  providerID: string,
  nodeName: string,
): Promise<Machine> {
  const { uid, labels = {}, annotations = {} } = machine.metadata;
  const isLabelled = !context.target || labels[nodeLabel] === nodeName;
  const hasPriority = annotations[priorityAnnotation] !== undefined;
  if (machine.spec.providerID === providerID && isLabelled && hasPriority) return machine;
  const patch = {
    metadata: {
      uid,
      ...(isLabelled ? {} : { labels: { [nodeLabel]: nodeName } }),
      ...(hasPriority ? {} : { annotations: { [priorityAnnotation]: '3' } }),
    },
    spec: { providerID },
  };
  const written = await context.control.mergePatch(machines, machine.metadata, patch, { signal });
  context.machines.remember(written);
  return written;
}

async function present(operation: Operation, { nodeName }: MachineInstance): Promise<void> {
  const { context, machine } = operation;
  const current = context.machines.get(machine.metadata) ?? machine;
  if (context.target) {
    const description = 'Creating machine on cloud provider';
    const pending = { type: 'Create', state: 'Processing', description } as const;
    await writeStatus(operation, current, { phase: 'Pending', timeoutActive: true, operation: pending });
    return;
  }
  const description = 'Created machine on cloud provider';
  await writeStatus(operation, current, {
    phase: 'Available',
    operation: { type: 'Create', state: 'Successful', description },
    addresses: [{ type: 'Hostname', address: nodeName }],
  });
}
