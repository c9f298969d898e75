import type { Machine } from '../../apis/machine/machine.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { Logger } from '../../kube/logger.ts';
import type { ControlCaches, TargetCaches } from './caches.ts';
import type { DrainState } from './drain/state.ts';
import type { Elapsed } from './elapsed.ts';
import type { HoldOff } from './hold-off.ts';
import type { Inherited } from './inherited.ts';
import type { ObservedDriver } from './observed-driver.ts';
import type { SecretData } from './secret-data.ts';
import type { MachineSettings } from './settings.ts';
import type { Tell } from './tell.ts';

/** The cluster that the machines join. */
export interface Target extends TargetCaches {
  readonly client: KubeClient;
}

/** What all that is done to machines works with. */
export interface MachineContext extends ControlCaches {
  /** Of the Machines. */
  readonly namespace: string;
  /** Where the Machines are. */
  readonly control: KubeClient;
  /** Undefined when there is no cluster: machines are ready as soon as they are made. */
  readonly target: Target | undefined;
  readonly driver: ObservedDriver;
  readonly settings: MachineSettings;
  readonly secretData: SecretData;
  readonly clock: Clock;
  /** In [0, 1), not to be guessed. */
  readonly random: () => number;
  readonly elapsed: Elapsed;
  readonly holdOff: HoldOff;
  readonly inherited: Inherited;
  /** By key of the Machine. */
  readonly drains: Map<string, DrainState>;
  /** MachineDeployments of which a machine is just being given up. */
  readonly givingUp: Set<string>;
  /** Keys of Machines that something is being done to. */
  readonly busy: Set<string>;
  /** Keys of Machines that were given up. */
  readonly unhealthy: Set<string>;
  readonly isFrozen: () => boolean;
  readonly tell: Tell;
}

/** One run for one Machine. */
export interface Operation {
  readonly context: MachineContext;
  readonly machine: Machine;
  /** With what the Machine says of itself. */
  readonly settings: MachineSettings;
  readonly signal: AbortSignal;
  readonly log: Logger;
}
