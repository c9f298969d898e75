/** Counts what runs, so that an end can wait for it. */
export interface Gate {
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves as soon as nothing runs. */
  idle(): Promise<void>;
}

export function createGate(): Gate {
  let running = 0;
  let waiting: (() => void)[] = [];
  const leave = () => {
    running -= 1;
    if (running > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  return {
    async run(work) {
      running += 1;
      try {
        return await work();
      } finally {
        leave();
      }
    },
    idle: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
