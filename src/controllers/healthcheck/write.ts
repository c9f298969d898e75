import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isConflict, isNotFound } from '../../kube/errors.ts';
import type { Resource } from '../../kube/resource.ts';
import type { ReadYourWrites } from '../../kube/written.ts';
import type { Condition } from './conditions.ts';
import { smallSubject } from './subject.ts';

interface ConditionsWrite<T extends ExtensionObject> {
  readonly client: Pick<KubeClient, 'find' | 'mergePatch'>;
  readonly resource: Resource<T>;
  readonly written: ReadYourWrites<T>;
  readonly signal: AbortSignal;
}

const maxConflicts = 10;

/**
 * Writes the whole list of conditions under a lock: a merge patch replaces lists, and others have theirs in it
 * (gardener-contract 7.1). What is to be written is decided anew on the newest state until no other writer interferes;
 * undefined means nothing.
 */
export async function writeConditions<T extends ExtensionObject>(
  object: T,
  decide: (current: T) => readonly Condition[] | undefined,
  { client, resource, written, signal }: ConditionsWrite<T>,
): Promise<void> {
  const { namespace, name, uid } = object.metadata;
  let current = object;
  for (let conflicts = 0; ; conflicts++) {
    const conditions = decide(current);
    if (!conditions) return;
    const patch = { metadata: { resourceVersion: current.metadata.resourceVersion }, status: { conditions } };
    try {
      const options = { subresource: 'status', signal } as const;
      written.remember(smallSubject(await client.mergePatch(resource, { namespace, name }, patch, options)));
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!isConflict(error) || conflicts >= maxConflicts) throw error;
    }
    const live = await client.find(resource, { namespace, name }, { signal });
    if (live?.metadata.uid !== uid) return;
    current = smallSubject(live as T);
    written.remember(current);
  }
}
