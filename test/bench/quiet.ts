import { setTimeout as delay } from 'node:timers/promises';
import type { Seed } from '../scene/seed.ts';
import { requestsBetween } from './requests.ts';

/** Longer than health checks wait before they look again at what changes. */
const quietMs = 3000;
const longestMs = 60_000;

/** Until nobody writes any more: what health checks have to say of new objects is no part of what comes next. */
export async function untilQuiet(seed: Seed): Promise<void> {
  const end = performance.now() + longestMs;
  let before = await seed.requests();
  while (performance.now() < end) {
    await delay(quietMs);
    const after = await seed.requests();
    if (requestsBetween(before, after).writes === 0) return;
    before = after;
  }
  throw new Error(`writes do not end within ${longestMs / 1000} s`);
}
