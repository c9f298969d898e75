import { type Context, type MachineFate, timestamp } from '../context.ts';
import type { Machine } from '../model.ts';

const STORED_EVENTS = 100;
const PHONED_HOME = 'Phoned Home';

interface Step {
  readonly event: string;
  readonly message: string;
  readonly done?: (machine: Machine) => void;
}

const INSTALLING: Step = { event: 'Installing', message: 'start installation' };

const INSTALLED: readonly Step[] = [
  INSTALLING,
  {
    event: 'Booting New Kernel',
    message: 'booting into the installed image',
    done: ({ allocation }) => {
      if (!allocation) return;
      allocation.succeeded = true;
      allocation.reinstall = false;
    },
  },
];

const PROVISIONING: Readonly<Record<MachineFate['boot'], readonly Step[]>> = {
  'phones-home': [...INSTALLED, { event: PHONED_HOME, message: 'phoned home from the installed image' }],
  hangs: INSTALLED,
  'crash-loops': [
    INSTALLING,
    {
      event: 'PXE Booting',
      message: 'unexpected during the installation',
      done: (machine) => {
        machine.crashLoop = true;
      },
    },
  ],
};

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
function recordEvent(context: Context, machine: Machine, event: string, message: string): void {
  machine.events = [{ event, message, time: timestamp(context) }, ...machine.events].slice(0, STORED_EVENTS);
}

/** The system that was installed runs. */
export function isBooted({ allocation, events }: Machine): boolean {
  return allocation !== undefined && events[0]?.event === PHONED_HOME;
}

/** Installs the machine: Phoned Home after the provisioning time, unless it is freed or installed anew before. */
export function provision(context: Context, machine: Machine): void {
  const { hardware, timing } = context;
  const fate = hardware.fateOf(machine.allocation?.hostname ?? '');
  machine.crashLoop = false;
  hardware.stopped(machine);
  run(context, machine, PROVISIONING[fate?.boot ?? 'phones-home'], fate?.bootMs ?? timing.provisioningMs);
}

/** Brings a freed machine back into the pool of waiting ones. */
export function reclaim(context: Context, machine: Machine): void {
  machine.crashLoop = false;
  context.hardware.stopped(machine);
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
    if (isBooted(machine)) context.hardware.booted(machine);
    next(index + 1);
  };
  const next = (index: number): void => {
    if (totalMs === 0) perform(index);
    else context.clock.schedule(totalMs / steps.length, () => perform(index));
  };
  next(0);
}
