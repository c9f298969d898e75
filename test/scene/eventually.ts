import { setTimeout as delay } from 'node:timers/promises';

/** Repeats `attempt` until it does not throw; rejects with its last error after `timeoutMs`. */
export async function eventually<T>(attempt: () => T | Promise<T>, timeoutMs = 20_000): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await delay(20);
  }
}
