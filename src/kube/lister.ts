import type { KubeObject } from './object.ts';

/** Read access to a synchronised local copy. What it returns is shared: never change it. */
export interface Lister<T extends KubeObject> {
  /** `key` as keyOf makes it. */
  get(key: string): T | undefined;
  /** Objects of one namespace, or all. */
  list(namespace?: string): readonly T[];
  /** Objects for which the named index function returned `value`. Throws for an index that was not declared. */
  byIndex(index: string, value: string): readonly T[];
}

export type InformerEvent<T extends KubeObject> =
  /** `initial`: part of the first list, also after a restart of the process. */
  | { readonly type: 'add'; readonly object: T; readonly initial: boolean }
  | { readonly type: 'update'; readonly old: T; readonly object: T }
  /** `object` is the last state known. */
  | { readonly type: 'delete'; readonly object: T };

export interface Informer<T extends KubeObject> extends Lister<T> {
  readonly hasSynced: boolean;
  /** Handlers are called synchronously, in the order of changes; one added late gets `add` for what is there. */
  subscribe(handler: (event: InformerEvent<T>) => void): void;
  /** Lists and watches until the signal is aborted; resolves then. Never rejects: trouble is logged and retried. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves at the first complete list; rejects with the signal's reason when aborted before. */
  waitForSync(signal: AbortSignal): Promise<void>;
}
