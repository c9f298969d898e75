import type { KubeClient } from '../../src/kube/client.ts';
import type { Clock } from '../../src/kube/clock.ts';
import type { HardwareKnobs } from '../metal-api/machine/hardware.ts';

export interface Scene {
  /** API of the cluster that the machine belongs to. */
  readonly shoot: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

type Runs = HardwareKnobs[number]['runs'];

/** What is installed on a machine. */
export interface System {
  /** Its work at one time; done again and again while the machine runs. */
  keep(scene: Scene, runs: Runs): Promise<void>;
  /** The machine runs no more. */
  off(scene: Scene): Promise<void>;
}
