import { abortable } from './deadline.ts';
import type { InformerEvent } from './lister.ts';
import type { KubeObject } from './object.ts';

/** Tells that some object of a namespace has changed. */
export interface NamespaceWatch {
  /** The listener must not throw. Returns what ends it. */
  onChange(namespace: string, listener: () => void): () => void;
}

interface Source {
  subscribe(handler: (event: InformerEvent<KubeObject>) => void): void;
}

export function watchNamespaces(informers: readonly Source[]): NamespaceWatch {
  const listeners = new Map<string, Set<() => void>>();
  const tell = ({ object }: InformerEvent<KubeObject>) => {
    for (const listener of [...(listeners.get(object.metadata.namespace ?? '') ?? [])]) listener();
  };
  for (const informer of informers) informer.subscribe(tell);
  return {
    onChange(namespace, listener) {
      const own = listeners.get(namespace) ?? new Set();
      listeners.set(namespace, own.add(listener));
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(namespace) === own) listeners.delete(namespace);
      };
    },
  };
}

/**
 * Checks now and after changes until the check gives something. Changes that come together cause one check. Rejects
 * with the signal's reason, or with what the check throws.
 */
export async function until<R>(
  watch: NamespaceWatch,
  namespace: string,
  check: () => R | undefined,
  signal: AbortSignal,
): Promise<R> {
  let changed = Promise.withResolvers<void>();
  const end = watch.onChange(namespace, () => changed.resolve());
  try {
    for (;;) {
      changed = Promise.withResolvers();
      const result = check();
      if (result !== undefined) return result;
      await abortable(changed.promise, signal);
    }
  } finally {
    end();
  }
}
