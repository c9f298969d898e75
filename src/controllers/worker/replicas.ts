/** What decides how many machines a MachineDeployment is to have. */
export interface ReplicaFacts {
  readonly minimum: number;
  readonly maximum: number;
  /** The Shoot is to sleep. */
  readonly hibernated: boolean;
  /** Some pool of the Worker may grow, so cluster-autoscaler is there. */
  readonly autoscaled: boolean;
  /** The Shoot is not to sleep any more, but all its MachineDeployments still have no machines. */
  readonly wakingUp: boolean;
  /** spec.replicas of the MachineDeployment; undefined when there is none. */
  readonly current: number | undefined;
  /** What it had on the seed that it came from. */
  readonly restored?: number | undefined;
}

/** The first rule that matches; otherwise what cluster-autoscaler has set stays (gardener-contract 2.6). */
export function replicasOf(facts: ReplicaFacts): number {
  const { minimum, maximum, current } = facts;
  if (facts.hibernated) return 0;
  if (!facts.autoscaled) return minimum;
  if (current === undefined) return facts.restored ?? minimum;
  if (facts.wakingUp) return minimum;
  return Math.min(Math.max(current, minimum), maximum);
}
