import { readiness } from '../../landscape/gardenlet/readiness.ts';
import type { ExtensionObject } from '../../src/apis/extensions/extension.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { keyOf } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { startInformer } from './informer.ts';
import type { Order } from './orders.ts';

export interface ReadyWatch {
  /** Resolves when all are ready for their latest request, as their watch shows it; rejects after ten minutes. */
  all(orders: readonly Pick<Order, 'key' | 'timestamp'>[]): Promise<void>;
  close(): Promise<void>;
}

const longestMs = 600_000;

/** Sees readiness when it happens. */
export async function watchReady<T extends ExtensionObject>(
  client: KubeClient,
  resource: Resource<T>,
): Promise<ReadyWatch> {
  const { informer, stop } = await startInformer(client, resource);
  let changed: (key: string) => void = () => undefined;
  informer.subscribe(({ object }) => changed(keyOf(object.metadata)));
  return {
    async all(orders) {
      const waiting = new Map(orders.map(({ key, timestamp }) => [keyOf(key), timestamp]));
      const done = Promise.withResolvers<void>();
      changed = (key) => {
        const object = waiting.has(key) ? informer.get(key) : undefined;
        if (object && readiness(object, waiting.get(key)).ready) waiting.delete(key);
        if (waiting.size === 0) done.resolve();
      };
      for (const key of [...waiting.keys()]) changed(key);
      const late = setTimeout(() => {
        const [key = '', timestamp] = waiting.entries().next().value ?? [];
        const object = informer.get(key);
        const state = object && readiness(object, timestamp);
        done.reject(new Error(`${waiting.size} are not ready, e.g. ${key}: ${JSON.stringify(state)}`));
      }, longestMs);
      try {
        await done.promise;
      } finally {
        clearTimeout(late);
      }
    },
    close: stop,
  };
}
