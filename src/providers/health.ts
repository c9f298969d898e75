import type { Cluster } from '../apis/extensions/cluster.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../kube/clock.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Resource } from '../kube/resource.ts';
import type { ErrorCode } from './errors.ts';

/** Conditions of ControlPlane and Worker that gardenlet takes over into the Shoot (gardener-contract 5.6). */
export type HealthConditionType = 'ControlPlaneHealthy' | 'SystemComponentsHealthy' | 'EveryNodeReady';

/** What a check has found. A message says what is wrong and what to look at; it stays the same while nothing changes. */
export type Health =
  | { readonly status: 'healthy' }
  | { readonly status: 'unhealthy'; readonly message: string; readonly codes: readonly ErrorCode[] }
  /** On its way, which must not last longer than the threshold. */
  | { readonly status: 'progressing'; readonly message: string; readonly thresholdMs: number };

export const healthy: Health = { status: 'healthy' };

export const unhealthy = (message: string, codes: readonly ErrorCode[] = []): Health => ({
  status: 'unhealthy',
  message,
  codes,
});

export const progressing = (message: string, thresholdMs: number): Health => ({
  status: 'progressing',
  message,
  thresholdMs,
});

/** Objects of the control-plane namespace, from a local copy: only what is declared as watched, as small as declared. */
export interface SeedObjects {
  find<T extends KubeObject>(resource: Resource<T>, name: string): T | undefined;
  list<T extends KubeObject>(resource: Resource<T>): readonly T[];
}

/** One look at one object. */
export interface HealthContext {
  /** Of the control plane in the seed. */
  readonly namespace: string;
  /** Of the Shoot only names, networking and hibernation; neither CloudProfile nor Seed. */
  readonly cluster: Cluster;
  readonly seed: SeedObjects;
  /** A client of the shoot's API server; rejects when there is no kubeconfig for it. */
  readonly shoot: () => Promise<KubeClient>;
  readonly clock: Clock;
  /** Aborted at the deadline of all checks. Pass it to every call. */
  readonly signal: AbortSignal;
}

export interface HealthCheck {
  readonly condition: HealthConditionType;
  /** For people, e.g. `firewall`. */
  readonly name: string;
  /** Throwing means that it is not known how things are. */
  run(context: HealthContext): Health | Promise<Health>;
}

/** Objects of the seed that are read by checks, and whose changes ask for one. */
export interface Watched {
  readonly resource: Resource;
  /** Only objects of this name; all of the resource when absent. */
  readonly name?: string | undefined;
  /** What of an object is kept and matters; must leave name, namespace, uid and resourceVersion. */
  readonly small: (object: KubeObject) => KubeObject;
}

export function watched<T extends KubeObject>(resource: Resource<T>, small: (object: T) => T, name?: string): Watched {
  return { resource, name, small: small as unknown as Watched['small'] };
}

/** How one extension kind is looked at. Workers and ControlPlanes themselves can be read without being declared. */
export interface HealthChecks {
  readonly watched: readonly Watched[];
  readonly checks: readonly HealthCheck[];
  /** Condition types that an earlier extension has left behind: they go. */
  readonly formerConditions?: readonly string[];
}

/** What a provider type fills in of the health checks. */
export interface ProviderHealth {
  readonly controlPlane: HealthChecks;
  readonly worker: HealthChecks;
}
