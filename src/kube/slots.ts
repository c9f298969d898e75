/** At most so many holders at once; who waits is served first come, first served. */
export interface Slots {
  /** Resolves with a slot; rejects with the signal's reason when aborted before. */
  take(signal?: AbortSignal): Promise<void>;
  giveBack(): void;
}

export function createSlots(count: number): Slots {
  const waiting = new Set<() => void>();
  let free = count;
  return {
    take(signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (free > 0) {
        free -= 1;
        return Promise.resolve();
      }
      return new Promise((resolve, reject) => {
        const serve = () => {
          waiting.delete(serve);
          signal?.removeEventListener('abort', leave);
          resolve();
        };
        const leave = () => {
          waiting.delete(serve);
          reject(signal?.reason);
        };
        waiting.add(serve);
        signal?.addEventListener('abort', leave, { once: true });
      });
    },
    giveBack() {
      const [next] = waiting;
      if (next) next();
      else free += 1;
    },
  };
}
