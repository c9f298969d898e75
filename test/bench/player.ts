import type { KubeClient } from '../../src/kube/client.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { createInformer } from '../../src/kube/informer.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { createLogger } from '../../src/telemetry/log.ts';

/** Somebody who does at once what controllers ask for. */
export interface Player {
  /** API writes so far: they are not the controllers'. */
  readonly writes: number;
  stop(): Promise<void>;
}

/** Calls `act` for every object that it has not observed in its present generation; `act` returns its writes, to be made. */
export async function startPlayer<T extends KubeObject & { status?: { observedGeneration?: number } }>(
  client: KubeClient,
  resource: Resource<T>,
  act: (object: T) => readonly (() => Promise<unknown>)[],
): Promise<Player> {
  const stop = new AbortController();
  const log = createLogger({ name: 'bench', level: 'error', format: 'text' });
  const informer = createInformer({ client, resource, clock: systemClock, log });
  const underWay = new Set<Promise<void>>();
  let writes = 0;

  const play = async (object: T): Promise<void> => {
    for (const write of act(object)) {
      writes += 1;
      await write();
    }
  };
  informer.subscribe(({ type, object }) => {
    if (type === 'delete' || object.status?.observedGeneration === object.metadata.generation) return;
    const playing = play(object).finally(() => underWay.delete(playing));
    underWay.add(playing);
  });
  const running = informer.run(stop.signal);
  await informer.waitForSync(stop.signal);
  return {
    get writes() {
      return writes;
    },
    async stop() {
      stop.abort();
      await Promise.all([running, ...underWay]);
    },
  };
}
