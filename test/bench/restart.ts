import { infrastructures } from '../../src/apis/extensions/resources.ts';
import type { ControllersProcess } from '../scene/controllers-process.ts';
import type { Seed } from '../scene/seed.ts';
import { inParallel, timed } from './pool.ts';
import { watchReady } from './ready-times.ts';

export interface RestartFigures {
  readonly readySeconds: number;
  readonly firstSeconds: number;
  readonly afterTermSeconds: number;
  readonly afterKillSeconds: number;
}

/**
 * Seconds from the start of the process to ready, and from a start to the first Infrastructure that is ready: with no
 * lease, after SIGTERM of the one before, and after its kill -9. One is ordered before each start.
 */
export async function measureRestarts(seed: Seed): Promise<RestartFigures> {
  const watch = await watchReady(seed.client, infrastructures);
  let running: ControllersProcess | undefined;
  const first = async (end: (() => Promise<void>) | undefined): Promise<number> => {
    await end?.();
    const [shoot] = await inParallel([0], 1, () => seed.createShoot());
    return timed(async () => {
      running = await seed.startControllers({ name: 'restarted', early: true });
      await watch.all(shoot ? [shoot] : []);
    });
  };
  try {
    const firstSeconds = await first(undefined);
    const afterTermSeconds = await first(() => running?.stop() ?? Promise.resolve());
    const afterKillSeconds = await first(() => running?.kill() ?? Promise.resolve());
    await running?.stop();
    const readySeconds = await timed(async () => {
      running = await seed.startControllers({ name: 'restarted' });
    });
    return { readySeconds, firstSeconds, afterTermSeconds, afterKillSeconds };
  } finally {
    await running?.stop();
    await watch.close();
  }
}
