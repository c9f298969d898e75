import { type Machine, type MachineClass, machines } from '../../apis/machine/machine.ts';
import { forEachBounded } from '../../kube/bounded.ts';
import { sleep } from '../../kube/clock.ts';
import { toError } from '../../kube/errors.ts';
import type { Logger } from '../../kube/logger.ts';
import { MachineError } from '../../providers/machine.ts';
import type { MachineContext } from './context.ts';
import { findOrphans, type Suspects } from './orphans.ts';
import { visitUnmanagedNodes } from './unmanaged-nodes.ts';
import { vanished } from './vanished.ts';

const atOnce = 4;

/**
 * Gives back machines that no Machine stands for, and reports Machines that have none any more, at the beginning and at
 * each period, until the signal is aborted. Trouble is logged and tried again at the next look.
 */
export async function collectOrphans(context: MachineContext, log: Logger, signal: AbortSignal): Promise<void> {
  const { clock, settings } = context;
  const { orphanPeriodMs, periods } = settings;
  let suspects: Suspects = new Map();
  while (!signal.aborted) {
    if (!context.isFrozen()) {
      suspects = await lookAtMachines(context, suspects, log, signal);
      await visitUnmanagedNodes(context, signal).catch((error: unknown) => complain(log, error, signal));
    }
    const waitMs = suspects.size > 0 ? Math.min(orphanPeriodMs, periods.orphanGrace) : orphanPeriodMs;
    await sleep(clock, waitMs, signal).catch(() => undefined);
  }
}

async function lookAtMachines(
  context: MachineContext,
  before: Suspects,
  log: Logger,
  signal: AbortSignal,
): Promise<Suspects> {
  const suspects = new Map<string, number>();
  for (const machineClass of context.classes.list(context.namespace)) {
    try {
      for (const [id, since] of await lookAtClass(context, machineClass, before, log, signal)) suspects.set(id, since);
    } catch (error) {
      complain(log, error, signal);
      // What could not be looked at is as suspect as it was.
      for (const [id, since] of before) if (!suspects.has(id)) suspects.set(id, since);
    }
  }
  return suspects;
}

async function lookAtClass(
  context: MachineContext,
  machineClass: MachineClass,
  suspects: Suspects,
  log: Logger,
  signal: AbortSignal,
): Promise<Suspects> {
  const { driver, namespace, clock, settings } = context;
  const secret = await context.secretData.of(machineClass, signal);
  const before = context.machines.byIndex('class', machineClass.metadata.name);
  const listed = await driver.list({ machineClass, secret, signal });
  for (const machine of vanished(before, listed)) {
    const message = `The provider has no machine ${machine.spec.providerID} any more`;
    context.tell(machine, { type: 'Warning', reason: 'Vanished', message });
    log.warn({ name: machine.metadata.name, providerID: machine.spec.providerID }, 'A machine has vanished');
  }
  const found = findOrphans({
    listed,
    machines: context.machines.list(namespace),
    suspects,
    now: clock.monotonic(),
    graceMs: settings.periods.orphanGrace,
  });
  // An id can be written in several ways, which only the driver knows.
  const idOf = async (machine: Machine): Promise<string | undefined> => {
    try {
      return (await driver.status({ machine, machineClass, secret, signal })).providerID;
    } catch (error) {
      if (isNoMachine(error)) return machine.spec.providerID;
      throw error;
    }
  };
  const left = new Map(found.suspects);
  await forEachBounded(found.orphans, atOnce, async ([providerID, name]) => {
    // The last word is the API server's.
    const live = await context.control.find(machines, { namespace, name }, { signal });
    if (live && (!live.spec.providerID || (await idOf(live)) === providerID)) return;
    const spec = { class: { kind: 'MachineClass', name: machineClass.metadata.name }, providerID };
    await driver.delete({ machine: { metadata: { namespace, name }, spec }, machineClass, secret, signal });
    left.delete(providerID);
    log.warn({ name, providerID }, 'Deleted a machine that no Machine stood for');
  });
  return left;
}

const isNoMachine = (error: unknown): boolean =>
  error instanceof MachineError && ['NotFound', 'Unimplemented', 'Uninitialized'].includes(error.code);

function complain(log: Logger, error: unknown, signal: AbortSignal): void {
  if (!signal.aborted) log.warn({ error: toError(error) }, 'Could not look for orphans');
}
