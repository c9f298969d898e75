import type { Clock, Timer } from './clock.ts';

interface Entry {
  readonly key: string;
  readonly at: number;
}

/** Keys that wake up later. For a key that is added again the earliest wake-up wins. */
export interface Delay {
  add(key: string, ms: number): void;
  readonly size: number;
  /** Forgets all keys. */
  clear(): void;
}

/** One timer over a binary heap: as many waiting keys as there are objects cost one timer. */
export function createDelay(clock: Clock, wake: (key: string) => void): Delay {
  const heap: Entry[] = [];
  const live = new Map<string, Entry>();
  let timer: Timer | undefined;

  const arm = (): void => {
    timer?.cancel();
    const first = heap[0];
    const wait = first && Math.max(0, first.at - clock.monotonic());
    timer = wait === undefined ? undefined : clock.schedule(wait, fire);
  };
  const fire = (): void => {
    for (let first = heap[0]; first && first.at <= clock.monotonic(); first = heap[0]) {
      pop(heap);
      if (live.get(first.key) !== first) continue;
      live.delete(first.key);
      wake(first.key);
    }
    arm();
  };

  return {
    add(key, ms) {
      const entry: Entry = { key, at: clock.monotonic() + ms };
      const known = live.get(key);
      if (known && known.at <= entry.at) return;
      live.set(key, entry);
      push(heap, entry);
      if (heap[0] === entry) arm();
    },
    get size() {
      return live.size;
    },
    clear() {
      heap.length = 0;
      live.clear();
      timer?.cancel();
    },
  };
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.push(entry) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (!above || above.at <= entry.at) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let index = 0;
  for (;;) {
    const child = smallerChild(heap, index);
    const below = heap[child];
    if (!below || below.at >= last.at) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = last;
}

function smallerChild(heap: readonly Entry[], index: number): number {
  const left = 2 * index + 1;
  const right = left + 1;
  return (heap[right]?.at ?? Infinity) < (heap[left]?.at ?? Infinity) ? right : left;
}
