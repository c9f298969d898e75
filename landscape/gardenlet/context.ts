import type { ControlPlane } from '../../src/apis/extensions/control-plane.ts';
import type { Infrastructure } from '../../src/apis/extensions/infrastructure.ts';
import type { Worker } from '../../src/apis/extensions/worker.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import type { Clock } from '../../src/kube/clock.ts';
import type { Logger } from '../../src/kube/logger.ts';
import type { Bell } from './bell.ts';
import type { CloudProfile, Seed } from './resources.ts';
import type { ShootObject } from './shoot.ts';
import type { ShootApi } from './shoot-access.ts';
import type { ShootState } from './shoot-state.ts';
import type { WaitSettings } from './wait.ts';

/** What one operation on one Shoot works with. */
export interface Operation {
  readonly garden: KubeClient;
  readonly seed: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly wait: WaitSettings;
  readonly bell: Bell;
  /** Name of the control-plane namespace. */
  readonly namespace: string;
  readonly seedObject: Seed;
  readonly cloudProfile: CloudProfile;
  /** spec.provider.infrastructureConfig as this operation deploys it. */
  readonly infrastructureConfig: unknown;
  /** As the last write returned it. */
  shoot: ShootObject;
  /** Base64 of the authorized_keys line, once the step that makes it has run. */
  sshPublicKey?: string | undefined;
  /** As it was deployed, then as it was found ready. */
  infrastructure?: Infrastructure | undefined;
  /** Absent where Infrastructures are all that is deployed. */
  readonly shootApi?: ShootApi | undefined;
  /** What another seed has left for this one; only while the Shoot is restored. */
  shootState?: ShootState | undefined;
  controlPlane?: ControlPlane | undefined;
  worker?: Worker | undefined;
  /** What an extension reports while it is waited for. */
  readonly report: (reason: string, codes: readonly string[]) => void;
}

/** One task of a flow, with the name that the Shoot's status shows while it runs. */
export interface FlowStep {
  readonly name: string;
  readonly run: (operation: Operation) => Promise<void>;
}
