import type { Clock } from '../../kube/clock.ts';

/** Times before which a call that failed is not made again, although events ask for the object to be looked at. */
export interface HoldOff {
  /** `facts`: what the call depended on; when they change, nothing is waited for. */
  set(key: string, facts: string, ms: number): void;
  /** Milliseconds left; 0 when the call may be made. */
  left(key: string, facts: string): number;
  forget(key: string): void;
}

export function createHoldOff(clock: Clock): HoldOff {
  const held = new Map<string, { readonly facts: string; readonly until: number }>();
  return {
    set: (key, facts, ms) => void held.set(key, { facts, until: clock.monotonic() + ms }),
    left(key, facts) {
      const entry = held.get(key);
      return entry?.facts === facts ? Math.max(0, entry.until - clock.monotonic()) : 0;
    },
    forget: (key) => void held.delete(key),
  };
}
