import { type Context, timestamp } from '../context.ts';
import type { Machine } from '../model.ts';

const STORED_EVENTS = 100;

interface Step {
  readonly event: string;
  readonly message: string;
  readonly done?: (machine: Machine) => void;
}

const PROVISIONING: readonly Step[] = [
  { event: 'Installing', message: 'start installation' },
  {
    event: 'Booting New Kernel',
    message: 'booting into the installed image',
    done: ({ allocation }) => {
      if (!allocation) return;
      allocation.succeeded = true;
      allocation.reinstall = false;
    },
  },
  { event: 'Phoned Home', message: 'phoned home from the installed image' },
];

const RECLAIMING: readonly Step[] = [
  { event: 'PXE Booting', message: 'starting pxe boot' },
  { event: 'Preparing', message: 'preparing installation' },
  { event: 'Registering', message: 'registering machine' },
  {
    event: 'Waiting',
    message: 'machine is waiting for an allocation',
    done: (machine) => {
      machine.waiting = true;
      machine.liveliness = 'Alive';
    },
  },
];

/** The newest event stands first. */
export function recordEvent(context: Context, machine: Machine, event: string, message: string): void {
  machine.events = [{ event, message, time: timestamp(context) }, ...machine.events].slice(0, STORED_EVENTS);
}

/** Installs the machine: Phoned Home after the provisioning time, unless it is freed or installed anew before. */
export function provision(context: Context, machine: Machine): void {
  run(context, machine, PROVISIONING, context.timing.provisioningMs);
}

/** Brings a freed machine back into the pool of waiting ones. */
export function reclaim(context: Context, machine: Machine): void {
  recordEvent(context, machine, 'Machine Reclaim', 'machine was freed');
  run(context, machine, RECLAIMING, context.timing.reclaimMs);
}

const current = new WeakMap<Machine, symbol>();

/** Spreads the steps evenly over `totalMs`; a later run for the same machine ends this one. */
function run(context: Context, machine: Machine, steps: readonly Step[], totalMs: number): void {
  const token = Symbol('run');
  current.set(machine, token);
  const perform = (index: number): void => {
    const step = steps[index];
    if (!step || current.get(machine) !== token) return;
    recordEvent(context, machine, step.event, step.message);
    step.done?.(machine);
    next(index + 1);
  };
  const next = (index: number): void => {
    if (totalMs === 0) perform(index);
    else context.clock.schedule(totalMs / steps.length, () => perform(index));
  };
  next(0);
}
