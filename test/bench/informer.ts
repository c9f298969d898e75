import type { KubeClient } from '../../src/kube/client.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { createInformer } from '../../src/kube/informer.ts';
import type { Informer } from '../../src/kube/lister.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { createLogger } from '../../src/telemetry/log.ts';

export interface RunningInformer<T extends KubeObject> {
  readonly informer: Pick<Informer<T>, 'get' | 'list' | 'subscribe'>;
  stop(): Promise<void>;
}

/** Has all there is when it resolves. It sees changes when they happen: polling would load the API server that is measured. */
export async function startInformer<T extends KubeObject>(
  client: KubeClient,
  resource: Resource<T>,
  namespace?: string,
): Promise<RunningInformer<T>> {
  const stop = new AbortController();
  const log = createLogger({ name: 'bench', level: 'error', format: 'text' });
  const informer = createInformer({ client, resource, clock: systemClock, log, ...(namespace ? { namespace } : {}) });
  const running = informer.run(stop.signal);
  await informer.waitForSync(stop.signal);
  return {
    informer,
    async stop() {
      stop.abort();
      await running;
    },
  };
}
