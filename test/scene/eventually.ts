import { setTimeout as delay } from 'node:timers/promises';

/** The longer it takes, the less often: those who poll take the processor from those who are waited for. */
const pauseMs = (elapsedMs: number): number => Math.min(250, Math.max(20, elapsedMs / 10));

/** Repeats `attempt` until it does not throw; rejects with its last error after `timeoutMs`. */
export async function eventually<T>(attempt: () => T | Promise<T>, timeoutMs = 20_000): Promise<T> {
  const start = performance.now();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > start + timeoutMs) throw error;
    }
    await delay(pauseMs(performance.now() - start));
  }
}
