import type { Hardware } from '../context.ts';
import type { KnobSettings, Knobs } from '../http/knobs.ts';
import type { Machine, MachineRole } from '../model.ts';
import type { State } from '../state.ts';
import { isBooted } from './lifecycle.ts';

/** A machine whose installed system runs, and what that system finds on it. */
export interface BootedMachine {
  readonly id: string;
  readonly partition: string;
  readonly size: string;
  readonly hostname: string;
  readonly role: MachineRole;
  readonly tags: readonly string[];
  /** Of the private network. */
  readonly addresses: readonly string[];
  readonly userData: string;
}

export type HardwareKnobs = KnobSettings['hardware'];

/** A watch begins with the knobs and all machines that run, and `synced`. */
export type HardwareEvent =
  | { readonly type: 'knobs'; readonly hardware: HardwareKnobs }
  | { readonly type: 'booted'; readonly machine: BootedMachine }
  | { readonly type: 'stopped'; readonly id: string }
  | { readonly type: 'synced' };

type Listener = (event: HardwareEvent) => void;

export interface WatchedHardware extends Hardware {
  watch(listener: Listener): () => void;
}

/** `state` is the current one: machines of a state that was reset are silent. */
export function createHardware(knobs: Knobs, state: () => State): WatchedHardware {
  const listeners = new Set<Listener>();
  const tell = (event: HardwareEvent) => {
    for (const listener of listeners) listener(event);
  };
  const isCurrent = (machine: Machine) => state().machines.get(machine.id) === machine;
  const currentKnobs = (): HardwareEvent => ({ type: 'knobs', hardware: knobs.settings.hardware });
  knobs.subscribe(() => tell(currentKnobs()));
  return {
    fateOf: (hostname) => knobs.fateOf(hostname),
    booted(machine) {
      if (isCurrent(machine)) for (const shown of view(machine)) tell({ type: 'booted', machine: shown });
    },
    stopped(machine) {
      if (isCurrent(machine)) tell({ type: 'stopped', id: machine.id });
    },
    watch(listener) {
      listener(currentKnobs());
      const running = [...state().machines.values()].filter(isBooted).flatMap(view);
      for (const machine of running) listener({ type: 'booted', machine });
      listener({ type: 'synced' });
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function view({ id, partitionid, sizeid, tags, allocation }: Machine): BootedMachine[] {
  if (!allocation) return [];
  const { hostname, role, networks, user_data } = allocation;
  const addresses = networks.filter((network) => network.private).flatMap(({ ips }) => ips);
  return [{ id, partition: partitionid, size: sizeid, hostname, role, tags, addresses, userData: user_data }];
}
