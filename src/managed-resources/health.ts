import type { ManagedResource } from '../apis/resources/managed-resource.ts';

/** A message may quote what a server says at length. */
const longest = 500;

type Condition = NonNullable<NonNullable<ManagedResource['status']>['conditions']>[number];

/** True when the objects are in the cluster as they are written now. */
export function isApplied({ metadata, status }: ManagedResource): boolean {
  const applied = status?.conditions?.find(({ type }) => type === 'ResourcesApplied');
  return status?.observedGeneration === metadata.generation && applied?.status === 'True';
}

/** Why the objects are not applied, healthy and rolled out yet; undefined when they are (gardener-contract 3.1). */
export function unreadiness(resource: ManagedResource | undefined): string | undefined {
  if (!resource) return 'it does not exist';
  const { metadata, status } = resource;
  if (status?.observedGeneration !== metadata.generation) {
    return 'gardener-resource-manager has not seen its newest state; is it running?';
  }
  for (const [type, wanted] of [
    ['ResourcesApplied', 'True'],
    ['ResourcesHealthy', 'True'],
    ['ResourcesProgressing', 'False'],
  ]) {
    const condition = status?.conditions?.find((condition) => condition.type === type);
    if (!condition) return `${type} is not reported yet`;
    if (condition.status !== wanted) return describe(condition);
  }
  return undefined;
}

/** Why it still exists; undefined when it is gone. */
export function presence(resource: ManagedResource | undefined): string | undefined {
  if (!resource) return undefined;
  const applied = resource.status?.conditions?.find(({ type }) => type === 'ResourcesApplied');
  return applied && applied.status !== 'True'
    ? describe(applied)
    : 'gardener-resource-manager has not begun to delete its objects; is it running?';
}

function describe({ type, status, reason, message }: Condition): string {
  const words = message && message.length > longest ? `${message.slice(0, longest)}...` : message;
  return `${type} is ${status}${reason ? ` (${reason})` : ''}${words ? `: ${words}` : ''}`;
}
