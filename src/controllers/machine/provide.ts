import type { MachineClass } from '../../apis/machine/machine.ts';
import { keyOf } from '../../kube/object.ts';
import { MachineError, type MachineInstance, type MachineRequest } from '../../providers/machine.ts';
import { ensureBootstrapToken } from './bootstrap-token.ts';
import type { Operation } from './context.ts';
import { faultsOf } from './machine-class.ts';
import { nodeLabel } from './names.ts';
import { filledIn } from './user-data.ts';
import { writeDown } from './write-down.ts';

/** The machine of a Machine at the provider, made if there is none. Throws MachineErrors. */
export async function provide(operation: Operation, machineClass: MachineClass): Promise<MachineInstance> {
  const { context, machine, signal } = operation;
  const faults = faultsOf(machineClass);
  if (faults.length > 0) throw new MachineError('InvalidArgument', `MachineClass is not valid: ${faults.join(', ')}`);
  const secret = await context.secretData.of(machineClass, signal);
  const request: MachineRequest = { machine, machineClass, secret, signal };
  return machine.spec.providerID ? found(operation, request) : made(operation, request);
}

/** The driver finds one of that name before it makes one, so it need not be asked for its status first. */
async function made(operation: Operation, request: MachineRequest): Promise<MachineInstance> {
  const { context } = operation;
  const userData = await userDataOf(operation, request);
  const instance = (await inherited(operation, request)) ?? (await context.driver.create({ ...request, userData }));
  if (isStale(operation, instance)) await discard(operation, request, instance);
  context.tell(request.machine, {
    type: 'Normal',
    reason: 'Created',
    message: `The machine is ${instance.providerID}`,
  });
  return initialized(operation, { ...request, machine: await writeDown(operation, instance) }, instance);
}

/** What an earlier process has ordered. Throws Unavailable while it may still come. */
async function inherited(
  { context, machine }: Operation,
  request: MachineRequest,
): Promise<MachineInstance | undefined> {
  const leftMs = context.inherited.leftMs(keyOf(machine.metadata));
  if (leftMs === 0) return undefined;
  try {
    return await context.driver.status(request);
  } catch (error) {
    if (!(error instanceof MachineError) || error.code !== 'NotFound') throw error;
    const text = `a process before this one may have ordered a machine, which is waited for ${Math.ceil(leftMs / 1000)} s more`;
    throw new MachineError('Unavailable', text);
  }
}

/** One that has a provider id exists, or existed: nothing is made in its place. */
async function found(operation: Operation, request: MachineRequest): Promise<MachineInstance> {
  const { context, machine } = operation;
  const known = { providerID: machine.spec.providerID ?? '', nodeName: machine.metadata.labels?.[nodeLabel] ?? '' };
  try {
    const instance = await context.driver.status(request);
    await writeDown(operation, instance);
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
