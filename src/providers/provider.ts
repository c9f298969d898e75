import type { Cluster } from '../apis/extensions/cluster.ts';
import type { ExtensionObject } from '../apis/extensions/extension.ts';
import type { Infrastructure } from '../apis/extensions/infrastructure.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../kube/clock.ts';
import type { Logger } from '../kube/logger.ts';
import type { AdmissionRules } from './admission.ts';
import type { ControlPlaneDriver } from './control-plane.ts';
import type { ProviderHealth } from './health.ts';
import type { WorkerDriver } from './worker.ts';

/** One run of an actuator: what Gardener asks for, on the object as it was read at the start of the run. */
export interface Operation<T extends ExtensionObject> {
  readonly object: T;
  /** Read live for this run. */
  readonly cluster: Cluster;
  readonly log: Logger;
  /** Aborted at the deadline of the run and when the process stops. Pass it to every call. */
  readonly signal: AbortSignal;
  /** Merge-patches the status now, for what must survive a crash in the middle of the run. */
  readonly checkpoint: (status: StatusPatch<T>) => Promise<void>;
  /** Puts an event on the object, for what a person should know. Equal events are aggregated. */
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
  /**
   * What the work has come to, for people: shown in the status if the run takes long, and not more often than every few
   * seconds. `percent` from 1 to 99.
   */
  readonly progress: (description: string, percent: number) => void;
  /**
   * Waits for something outside without keeping a worker busy: other objects are reconciled meanwhile. Resolves or
   * rejects as `wait` does, once a worker is free again. The signal that `wait` is given is aborted like `signal`, and
   * also when Gardener asks for something newer: let the error pass, the next run serves it.
   */
  readonly pause: <R>(wait: (signal: AbortSignal) => Promise<R>) => Promise<R>;
}

/** Merge patch of a status: null removes a field. The lifecycle owns lastOperation, lastError and observedGeneration. */
export type StatusPatch<T extends ExtensionObject> = {
  readonly [K in Exclude<
    keyof NonNullable<T['status']>,
    'lastOperation' | 'lastError' | 'observedGeneration' | 'conditions'
  >]?: NonNullable<T['status']>[K] | null;
};

export interface Outcome<T extends ExtensionObject> {
  /** Written together with the success of the operation, in one patch. */
  readonly status?: StatusPatch<T>;
  /** Success is written, and the object is run again after so many milliseconds, or by the process that comes next. */
  readonly requeueAfterMs?: number | undefined;
}

/**
 * What a provider type fills in for one extension kind; the lifecycle around it is the same for all (gardener-contract
 * 1.7). Every method is idempotent and may be killed at any instant: the next run converges. Failing is throwing,
 * preferably an OperationError with codes. Nothing of lastOperation, lastError, finalizers or annotations is its work.
 */
export interface Actuator<T extends ExtensionObject> {
  reconcile(operation: Operation<T>): Promise<Outcome<T>>;
  /** Releases everything that is wholly this cluster's; the finalizer goes when it returns. */
  delete(operation: Operation<T>): Promise<Outcome<T>>;
  /** Releases what it can and reports (event, log) what it could not; must not depend on the shoot. */
  forceDelete(operation: Operation<T>): Promise<Outcome<T>>;
  /** Leaves everything external in place; the object moves to another seed. */
  migrate(operation: Operation<T>): Promise<Outcome<T>>;
  /** Adopts what exists from status and state, then makes it right like reconcile. */
  restore(operation: Operation<T>): Promise<Outcome<T>>;
}

/** What actuators are made from. */
export interface ProviderDependencies {
  /** Client of the seed. */
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Everything that differs by provider type. Each folder beside this file exports one. */
export interface Provider {
  /** `spec.type` of the objects it serves, e.g. `metal`. */
  readonly type: string;
  /** Name of the extension, e.g. `provider-metal`: leader election, heartbeat, user agent. */
  readonly name: string;
  /** What may be written to garden and seed, and what is filled in. */
  readonly admission: AdmissionRules;
  infrastructure(dependencies: ProviderDependencies): Actuator<Infrastructure>;
  controlPlane(dependencies: ProviderDependencies): ControlPlaneDriver;
  worker(dependencies: ProviderDependencies): WorkerDriver;
  /** What ControlPlanes and Workers are judged by. */
  readonly health: ProviderHealth;
  /** Brings what control planes need in a seed before the first. Any number of replicas may do so at once. */
  prepareSeed(kube: KubeClient, signal: AbortSignal): Promise<void>;
  /** Closes its connections, when nothing runs any more. */
  close(): Promise<void>;
}
