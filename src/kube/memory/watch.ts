import type { WatchEvent, WatchOptions } from '../client.ts';
import { abortable } from '../deadline.ts';
import type { KubeObject } from '../object.ts';
import type { Resource } from '../resource.ts';
import { matchesFields, matchesLabels } from './selector.ts';
import type { MemoryStore } from './store.ts';

/** What is written from now on, until the signal is aborted; there is no history. */
export async function* watchStore(
  store: MemoryStore,
  resource: Resource,
  { namespace, labelSelector, fieldSelector, signal }: WatchOptions,
): AsyncIterable<WatchEvent<KubeObject>> {
  const waiting: WatchEvent<KubeObject>[] = [];
  let arrived = Promise.withResolvers<void>();
  const end = store.subscribe(resource, (event) => {
    waiting.push(event);
    arrived.resolve();
  });
  try {
    for (;;) {
      for (let event = waiting.shift(); event; event = waiting.shift()) {
        const { object } = event;
        const isInside = namespace === undefined || object.metadata.namespace === namespace;
        if (isInside && matchesLabels(object, labelSelector) && matchesFields(object, fieldSelector)) yield event;
      }
      arrived = Promise.withResolvers();
      await abortable(arrived.promise, signal);
    }
  } finally {
    end();
  }
}
