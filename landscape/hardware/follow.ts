import { type Clock, sleep } from '../../src/kube/clock.ts';
import { toError } from '../../src/kube/errors.ts';
import { createLineSplitter } from '../../src/kube/lines.ts';
import type { Logger } from '../../src/kube/logger.ts';
import type { HardwareEvent } from '../metal-api/machine/hardware.ts';

export interface FollowOptions {
  /** The simulator's own handle, e.g. `http://127.0.0.1:1234/_simulator`. */
  readonly control: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const AGAIN_AFTER_MS = 500;

/**
 * Hands on what the simulator tells of its hardware, from the beginning again after each interruption: `onStart` comes
 * before the first event of each. Resolves when the signal is aborted.
 */
export async function followHardware(
  { control, clock, log, signal }: FollowOptions,
  onStart: () => void,
  onEvent: (event: HardwareEvent) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const response = await fetch(`${control}/hardware`, { signal });
      if (!response.ok || !response.body) throw new Error(`GET hardware: ${response.status}`);
      onStart();
      const lines = createLineSplitter();
      for await (const chunk of response.body) {
        for (const line of lines.push(chunk)) onEvent(JSON.parse(line) as HardwareEvent);
      }
    } catch (error) {
      if (!signal.aborted) log.info({ err: toError(error) }, "The simulator's stream is opened again");
    }
    await sleep(clock, AGAIN_AFTER_MS, signal).catch(() => undefined);
  }
}
