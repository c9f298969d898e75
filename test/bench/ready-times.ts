import { readiness } from '../../landscape/gardenlet/readiness.ts';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { systemClock } from '../../src/kube/clock.ts';
import { createInformer } from '../../src/kube/informer.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import type { TestShoot } from '../scene/shoot.ts';

export interface ReadyWatch {
  /** Resolves when all are ready for their latest request, as their watch shows it. */
  all(shoots: readonly TestShoot[]): Promise<void>;
  /** Resolves when the first status write of a new operation is seen. */
  firstTouched(): Promise<void>;
  close(): Promise<void>;
}

/** Sees readiness when it happens, without asking: polling would load the API server that is measured. */
export async function watchReady(client: KubeClient): Promise<ReadyWatch> {
  const stop = new AbortController();
  const log = createLogger({ name: 'bench', level: 'error', format: 'text' });
  const informer = createInformer({ client, resource: infrastructures, clock: systemClock, log });
  let changed: () => void = () => undefined;
  let touched: () => void = () => undefined;
  informer.subscribe((event) => {
    changed();
    if (event.type === 'update' && event.old.status?.lastOperation !== event.object.status?.lastOperation) {
      if (JSON.stringify(event.old.status) !== JSON.stringify(event.object.status)) touched();
    }
  });
  const running = informer.run(stop.signal);
  await informer.waitForSync(stop.signal);
  const isReady = (shoot: TestShoot): boolean => {
    const object = informer.get(`${shoot.namespace}/${shoot.key.name}`);
    return object !== undefined && readiness(object, shoot.timestamp).ready;
  };
  return {
    async all(shoots) {
      let waiting = [...shoots];
      for (;;) {
        const next = new Promise<void>((resolve) => {
          changed = resolve;
        });
        waiting = waiting.filter((shoot) => !isReady(shoot));
        if (waiting.length === 0) return;
        await next;
      }
    },
    firstTouched: () =>
      new Promise((resolve) => {
        touched = resolve;
      }),
    async close() {
      stop.abort();
      await running;
    },
  };
}
