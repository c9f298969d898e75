import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import { isOutdated, type MetadataChange, metadataPatch } from '../../kube/finalizers.ts';
import type { Resource } from '../../kube/resource.ts';
import type { ReadYourWrites } from '../../kube/written.ts';
import type { RawStatusPatch } from './status.ts';

type PatchResult = 'done' | 'gone' | 'conflict';

/** The writes of one run, each remembered so that the next run does not start from a stale cache. */
export interface Session<T extends ExtensionObject> {
  /** The newest state that a write of this run has brought. */
  current(): T;
  /** Finalizer and annotation of the start. After a conflict the newest state is remembered: run again. */
  begin(change: MetadataChange): Promise<PatchResult>;
  /** Merge-patches the status, without a lock: others write other fields. Nothing is sent for an empty patch. */
  patchStatus(patch: RawStatusPatch): Promise<void>;
  /** Finalizers and annotations of the end, computed anew on the newest state until no other writer interferes. */
  finish(change: (current: T) => MetadataChange): Promise<void>;
}

/** Giving up costs the whole operation once more: worth it only if something is wrong with the object. */
const maxConflicts = 100;

export function openSession<T extends ExtensionObject>(
  client: KubeClient,
  resource: Resource<T>,
  written: ReadYourWrites<T>,
  object: T,
): Session<T> {
  const key = { namespace: object.metadata.namespace, name: object.metadata.name };
  let current = object;

  const keep = (result: T): void => {
    current = result;
    written.remember(result);
  };

  /** Reads the object again. A refusal that its present state does not explain stands. */
  const refresh = async (refusal: unknown): Promise<PatchResult> => {
    const live = await client.find(resource, key);
    if (!live || live.metadata.uid !== object.metadata.uid) return 'gone';
    if (live.metadata.resourceVersion === current.metadata.resourceVersion) throw refusal;
    keep(live);
    return 'conflict';
  };

  const tryPatch = async (change: MetadataChange): Promise<PatchResult> => {
    const patch = metadataPatch(current, change);
    if (!patch) return 'done';
    try {
      keep(await client.jsonPatch(resource, key, patch));
      return 'done';
    } catch (error) {
      if (isNotFound(error)) return 'gone';
      if (isOutdated(error)) return refresh(error);
      throw error;
    }
  };

  return {
    current: () => current,
    begin: tryPatch,
    async patchStatus(patch) {
      if (Object.keys(patch).length === 0) return;
      try {
        keep(await client.mergePatch(resource, key, { status: patch }, { subresource: 'status' }));
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
    async finish(change) {
      for (let conflicts = 0; ; conflicts++) {
        if ((await tryPatch(change(current))) !== 'conflict') return;
        if (conflicts === maxConflicts)
          throw new Error(`${key.name} changes too often to be written; its managedFields tell by whom`);
      }
    },
  };
}
