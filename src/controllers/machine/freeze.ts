import { machines } from '../../apis/machine/machine.ts';
import { sleep } from '../../kube/clock.ts';
import { isNotFound, toError } from '../../kube/errors.ts';
import { isOutdated } from '../../kube/finalizers.ts';
import type { Logger } from '../../kube/logger.ts';
import type { MachineContext } from './context.ts';
import { nodes } from './node.ts';
import { phaseOf } from './phases.ts';
import { statusPatch } from './status.ts';

export interface Freeze {
  frozen: boolean;
}

/** Nobody's name. */
const probe = 'api-server-check';
const probeMs = 10_000;
/** Looks in the time after which is frozen. */
const hurry = 5;

/**
 * Freezes when one of the API servers could not be reached for too long, and thaws when both can be: machines must not be
 * given up because nobody could say that they are well (metal-components F.8). `onThaw` is called when all machines are
 * to be looked at again.
 */
export async function guardApiServers(
  context: MachineContext,
  freeze: Freeze,
  onThaw: () => void,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { clock, settings } = context;
  let downSince: number | undefined;
  while (!signal.aborted) {
    const isUp = await areReachable(context, signal);
    if (signal.aborted) return;
    downSince = isUp ? undefined : (downSince ?? clock.monotonic());
    const isDown = downSince !== undefined && clock.monotonic() - downSince > settings.freezeAfterMs;
    if (isDown) stop(freeze, log);
    if (isUp && freeze.frozen) await thaw(context, freeze, onThaw, log, signal);
    const isWell = isUp && !freeze.frozen;
    const waitMs = isWell ? settings.freezeCheckPeriodMs : settings.freezeAfterMs / hurry;
    await sleep(clock, waitMs, signal).catch(() => undefined);
  }
}

function stop(freeze: Freeze, log: Logger): void {
  if (!freeze.frozen) log.warn({}, 'An API server cannot be reached: frozen');
  freeze.frozen = true;
}

async function thaw(
  context: MachineContext,
  freeze: Freeze,
  onThaw: () => void,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  if (!(await resetTimers(context, log, signal))) return;
  freeze.frozen = false;
  log.info({}, 'The API servers are back: thawed');
  onThaw();
}

async function areReachable({ control, target, namespace }: MachineContext, signal: AbortSignal): Promise<boolean> {
  const options = { signal, timeoutMs: probeMs };
  try {
    await Promise.all([
      control.find(machines, { namespace, name: probe }, options),
      target?.client.find(nodes, { name: probe }, options),
    ]);
    return true;
  } catch {
    return false;
  }
}

/** Machines may be sick only because nobody was heard: they get their time anew. False when that did not work. */
async function resetTimers(context: MachineContext, log: Logger, signal: AbortSignal): Promise<boolean> {
  const description = 'Machine Health Timeout was reset due to APIServer being unreachable';
  const operation = { type: 'HealthCheck', state: 'Processing', description } as const;
  try {
    // Not those of the cache: it has not heard of anything for a while.
    const { items } = await context.control.list(machines, { namespace: context.namespace, signal });
    for (const machine of items) {
      if (phaseOf(machine) !== 'Unknown' || machine.metadata.deletionTimestamp) continue;
      const now = context.clock.now();
      const anew = { phase: 'Unknown', timeoutActive: true } as const;
      // The time begins anew also when the same was said before.
      const patch = statusPatch(machine, { ...anew, operation }, now) ?? statusPatch(machine, anew, now) ?? {};
      const options = { subresource: 'status', signal } as const;
      context.machines.remember(await context.control.mergePatch(machines, machine.metadata, patch, options));
    }
    return true;
  } catch (error) {
    // The Machine has changed meanwhile: once more, with what it is then.
    if (!isOutdated(error) && !isNotFound(error)) log.warn({ error: toError(error) }, 'Timers could not be reset');
    return false;
  }
}
