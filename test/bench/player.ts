import type { KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { startInformer } from './informer.ts';

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
  const { informer, stop } = await startInformer(client, resource);
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
  return {
    get writes() {
      return writes;
    },
    async stop() {
      await Promise.all([stop(), ...underWay]);
    },
  };
}
