import type { ObjectMeta } from '../../../kube/object.ts';

/** A condition in the status of an object, whichever. */
export interface StatusCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** What the status of a Deployment, a ManagedResource or a MachineDeployment has in common. */
interface Status {
  readonly observedGeneration?: number;
  readonly conditions?: readonly StatusCondition[];
}

const longest = 500;

export const told = ({ type, status, reason, message = '' }: StatusCondition): string =>
  `${type} is ${status}${reason ? ` (${reason})` : ''}${message ? `: ${message.slice(0, longest)}` : ''}`;

/** Without the times, which move while nothing changes. */
export const smallConditions = (conditions: readonly StatusCondition[] | undefined): StatusCondition[] =>
  (conditions ?? []).map(({ type, status, reason, message }) => ({
    type,
    status,
    ...(reason ? { reason } : {}),
    ...(message ? { message } : {}),
  }));

/** The state of an object, and which generation of it that is of. */
export const smallStatus = (status: Status | undefined) => ({
  ...(status?.observedGeneration === undefined ? {} : { observedGeneration: status.observedGeneration }),
  conditions: smallConditions(status?.conditions),
});

const kept = ['name', 'namespace', 'uid', 'resourceVersion', 'generation', 'deletionTimestamp'] as const;

/** What names an object and its state. */
export const smallMetadata = (metadata: ObjectMeta): ObjectMeta => {
  const entries = kept.flatMap((field) => (metadata[field] === undefined ? [] : [[field, metadata[field]]]));
  return Object.fromEntries(entries) as ObjectMeta;
};
