import type { ExtensionObject } from '../../src/apis/extensions/extension.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import type { Seed } from '../scene/seed.ts';
import { type Order, order, orderAgain } from './orders.ts';
import { inParallel, timed } from './pool.ts';
import { untilQuiet } from './quiet.ts';
import { watchReady } from './ready-times.ts';
import { type RequestCounts, requestsBetween } from './requests.ts';

/** What it took to make `count` objects ready. */
export interface Figures extends RequestCounts {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly metalCalls: number;
}

export interface KindFigures {
  readonly count: number;
  readonly create: Figures;
  readonly unchanged: Figures;
  readonly peakMiB: number;
}

export interface KindOptions<T extends ExtensionObject> {
  readonly resource: Resource<T>;
  readonly objects: readonly KubeObject[];
  /** Fields of the controllers' configuration. */
  readonly config: object;
  /** API writes that the bench itself makes beside its orders. */
  readonly ownWrites: () => number;
}

/** How many are ordered at once: more than workers, so that the controller is what is waited for. */
const atOnce = 16;

/** Create to ready, and a reconcile where nothing has changed, of all objects by a fresh process. */
export async function measureKind<T extends ExtensionObject>(
  seed: Seed,
  { resource, objects, config, ownWrites }: KindOptions<T>,
): Promise<KindFigures> {
  const { client } = seed;
  const count = objects.length;
  const name = `${resource.plural}-${count}`;
  await using controllers = await seed.startControllers({ name, config });
  const watch = await watchReady(client, resource);

  const measured = async (work: () => Promise<unknown>): Promise<Figures> => {
    const [before, usage, call, own] = [
      await seed.requests(),
      await controllers.usage(),
      seed.metalApi.calls.last,
      ownWrites(),
    ];
    const seconds = await timed(work);
    const { cpuSeconds } = await controllers.usage();
    const requests = requestsBetween(before, await seed.requests());
    return {
      ...requests,
      // The orders are the bench's.
      writes: requests.writes - count - (ownWrites() - own),
      seconds,
      cpuSeconds: cpuSeconds - usage.cpuSeconds,
      metalCalls: seed.metalApi.calls.last - call,
    };
  };

  let orders: readonly Order[] = [];
  const create = await measured(async () => {
    orders = await inParallel(objects, atOnce, (object) => order(client, resource, object));
    await watch.all(orders);
  });
  await untilQuiet(seed);
  const unchanged = await measured(async () => {
    await watch.all(await inParallel(orders, atOnce, (one) => orderAgain(client, resource, one)));
  });
  const { peakMiB } = await controllers.usage();
  await watch.close();
  return { count, create, unchanged, peakMiB };
}
