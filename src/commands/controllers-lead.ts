import type { ControllerName } from './controllers-settings.ts';

export interface NamedController<C> {
  readonly name: ControllerName;
  readonly controller: C;
}

/** They write objects of the kinds that come with control planes. */
const afterPreparation: readonly ControllerName[] = ['controlplane', 'worker'];

/**
 * To be called when the replica leads. What control planes need in the seed comes before the first of them; everything
 * else begins at once, and so does what leads `beside` the controllers. When one of them fails, all are ended; rejects when
 * all have ended. What fails for a stop is no failure.
 */
export async function leadControllers(
  controllers: readonly NamedController<{ readonly lead: (signal: AbortSignal) => Promise<void> }>[],
  prepareSeed: () => Promise<void>,
  signal: AbortSignal,
  beside: readonly ((signal: AbortSignal) => Promise<void>)[] = [],
): Promise<void> {
  const isNeeded = controllers.some(({ name }) => name === 'controlplane');
  const prepared = isNeeded ? prepareSeed() : undefined;
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const leading = controllers.map(async ({ name, controller }) => {
    if (afterPreparation.includes(name)) await prepared;
    await controller.lead(stop);
  });
  leading.push(...beside.map((lead) => lead(stop)));
  try {
    await Promise.all(leading);
  } catch (error) {
    // The lease is given back next: whatever runs comes to its end before.
    failed.abort(error);
    await Promise.allSettled(leading);
    if (!signal.aborted) throw error;
  }
}
