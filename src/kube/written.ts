import { type Clock, systemClock } from './clock.ts';
import type { Lister } from './lister.ts';
import { type KubeObject, keyOf } from './object.ts';
import { compareResourceVersions } from './resource-version.ts';

/** A lister, and what was written but has not come back through the watch yet. */
export interface ReadYourWrites<T extends KubeObject> {
  /** To be called with the server's answer to a write. */
  remember(object: T): void;
  /** The newer of the lister's object and the remembered one. */
  newest(key: string): T | undefined;
}

/** What createInformer returns fits. */
export interface VersionedLister<T extends KubeObject> extends Pick<Lister<T>, 'get'> {
  readonly resourceVersion?: string | undefined;
}

interface Remembered<T> {
  readonly object: T;
  readonly at: number;
}

/** After so long the lister is believed again, whatever it says: versions go back when etcd is restored. */
const forgetAfterMs = 300_000;
const sweepAbove = 256;
const keepAtMost = 10_000;

/**
 * An object is remembered until the lister has come to its version: from then on the lister knows better, also when
 * it does not have the object any more.
 */
export function createReadYourWrites<T extends KubeObject>(
  lister: VersionedLister<T>,
  clock: Clock = systemClock,
): ReadYourWrites<T> {
  const remembered = new Map<string, Remembered<T>>();
  let sweepAt = sweepAbove;

  const isOutdated = ({ object, at }: Remembered<T>): boolean => {
    const version = object.metadata.resourceVersion;
    return (
      clock.monotonic() - at >= forgetAfterMs ||
      compareResourceVersions(lister.resourceVersion, version) >= 0 ||
      compareResourceVersions(lister.get(keyOf(object.metadata))?.metadata.resourceVersion, version) >= 0
    );
  };
  const sweep = () => {
    for (const [key, entry] of remembered) {
      if (isOutdated(entry)) remembered.delete(key);
    }
    sweepAt = Math.max(sweepAbove, remembered.size * 2);
  };
  return {
    remember(object) {
      const key = keyOf(object.metadata);
      const before = remembered.get(key)?.object.metadata.resourceVersion;
      if (compareResourceVersions(object.metadata.resourceVersion, before) <= 0) return;
      // Taken out first, so that the map is in the order of the writes.
      remembered.delete(key);
      remembered.set(key, { object, at: clock.monotonic() });
      if (remembered.size > sweepAt) sweep();
      if (remembered.size > keepAtMost) remembered.delete(remembered.keys().next().value ?? '');
    },
    newest(key) {
      const entry = remembered.get(key);
      if (!entry) return lister.get(key);
      if (!isOutdated(entry)) return entry.object;
      remembered.delete(key);
      return lister.get(key);
    },
  };
}
