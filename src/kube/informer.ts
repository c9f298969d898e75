import { changesOfEvent, changesOfState, missingFrom } from './changes.ts';
import { abortable } from './deadline.ts';
import { toError } from './errors.ts';
import type { Informer, InformerEvent } from './lister.ts';
import { type KubeObject, keyOf } from './object.ts';
import { type ReflectorOptions, type ReflectorTarget, reflect } from './reflector.ts';
import { createStore, type Indexes } from './store.ts';

export interface InformerOptions<T extends KubeObject> extends ReflectorOptions<T> {
  readonly indexes?: Indexes<T> | undefined;
  /** Makes objects smaller before they are kept; must leave name, namespace, uid and resourceVersion. */
  readonly transform?: ((object: T) => T) | undefined;
}

/** An informer that knows how far it has come. */
export interface VersionedInformer<T extends KubeObject> extends Informer<T> {
  /** Every change up to this resourceVersion is in the store; undefined before the first list. */
  readonly resourceVersion: string | undefined;
}

type Handler<T extends KubeObject> = (event: InformerEvent<T>) => void;

/** Objects are kept without metadata.managedFields. `run` may be called once at a time. */
export function createInformer<T extends KubeObject>(options: InformerOptions<T>): VersionedInformer<T> {
  const { resource, log } = options;
  /** What a function of the caller gives for an object, or `otherwise` when it throws: one object must not stop all. */
  const guarded = <R>(object: T, what: string, call: () => R, otherwise: R): R => {
    try {
      return call();
    } catch (error) {
      log.error(
        { err: toError(error), resource: resource.plural, key: keyOf(object.metadata), what },
        'a function threw',
      );
      return otherwise;
    }
  };
  const indexes = Object.entries(options.indexes ?? {}).map(
    ([name, valuesOf]) => [name, (object: T) => guarded(object, `index ${name}`, () => valuesOf(object), [])] as const,
  );
  const store = createStore<T>(Object.fromEntries(indexes));
  const handlers: Handler<T>[] = [];
  const synced = Promise.withResolvers<void>();
  let hasSynced = false;
  let resourceVersion: string | undefined;
  let running = false;

  const tell = (handler: Handler<T>, event: InformerEvent<T>) =>
    guarded(event.object, `handler of ${event.type}`, () => handler(event), undefined);
  const change = (event: InformerEvent<T>) => {
    if (event.type === 'delete') store.remove(keyOf(event.object.metadata));
    else store.put(event.object);
    // A handler that is added by another during this event has got the object as an `add` already.
    for (const handler of [...handlers]) tell(handler, event);
  };
  const slim = (object: T): T => {
    const { managedFields, ...metadata } = object.metadata;
    const small = { ...object, metadata };
    const { transform } = options;
    return transform ? guarded(small, 'transform', () => transform(small), small) : small;
  };
  const target: ReflectorTarget<T> = {
    replace(items, version) {
      const slimmed = items.map(slim);
      for (const event of missingFrom(slimmed, store.keys(), store.get)) change(event);
      for (const object of slimmed) {
        for (const event of changesOfState(store.get, object, !hasSynced)) change(event);
      }
      resourceVersion = version;
      hasSynced = true;
      synced.resolve();
    },
    apply(event, version) {
      resourceVersion = version;
      if (event.type === 'BOOKMARK') return;
      for (const happened of changesOfEvent(store.get, { ...event, object: slim(event.object) })) change(happened);
    },
  };

  return {
    get: store.get,
    list: store.list,
    byIndex: store.byIndex,
    get hasSynced() {
      return hasSynced;
    },
    get resourceVersion() {
      return resourceVersion;
    },
    subscribe(handler) {
      handlers.push(handler);
      for (const object of store.list()) tell(handler, { type: 'add', object, initial: true });
    },
    async run(signal) {
      if (running) {
        log.error({ resource: resource.plural }, 'the informer runs already');
        return;
      }
      running = true;
      await reflect(options, target, signal).finally(() => {
        running = false;
      });
    },
    waitForSync: (signal) => abortable(synced.promise, signal),
  };
}
