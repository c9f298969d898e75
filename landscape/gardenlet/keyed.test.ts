import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../../src/kube/fake-clock.ts';
import { createKeyed } from './keyed.ts';

function scene(run: (key: string, signal: AbortSignal) => Promise<void>) {
  const clock = createFakeClock();
  const stop = new AbortController();
  const errors: string[] = [];
  const keyed = createKeyed({
    ...{ run, clock, signal: stop.signal },
    backoff: { baseMs: 100, maxMs: 250 },
    onError: (key, error) => errors.push(`${key}: ${error.message}`),
  });
  return { keyed, clock, stop, errors };
}

/** Runs that end when they are told to. */
function manual() {
  const open: { key: string; signal: AbortSignal; end: (error?: Error) => Promise<void> }[] = [];
  const run = (key: string, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const end = async (error?: Error): Promise<void> => {
        open.splice(open.indexOf(entry), 1);
        if (error) reject(error);
        else resolve();
        await nextTurn();
      };
      const entry = { key, signal, end };
      open.push(entry);
      signal.addEventListener('abort', () => void end(signal.reason as Error), { once: true });
    });
  return { open, run };
}

describe('keyed', () => {
  test('runs keys beside each other, and one key once more however often it was triggered meanwhile', async () => {
    const { open, run } = manual();
    const { keyed } = scene(run);
    for (const key of ['a', 'b', 'a', 'a']) keyed.trigger(key);
    expect(open.map(({ key }) => key)).toEqual(['a', 'b']);
    await open[0]?.end();
    expect(open.map(({ key }) => key)).toEqual(['b', 'a']);
    await open[1]?.end();
    expect(open.map(({ key }) => key)).toEqual(['b']);
  });

  test('backs off, doubling up to the limit, and forgets failures with a success', async () => {
    let fail = true;
    const times: number[] = [];
    const { keyed, clock, errors } = scene(async () => {
      times.push(clock.monotonic());
      if (fail) throw new Error('no');
    });
    keyed.trigger('a');
    await clock.run(700);
    expect(times).toEqual([0, 100, 300, 550]);
    fail = false;
    await clock.run(250);
    fail = true;
    keyed.trigger('a');
    await clock.run(100);
    expect(times.slice(4)).toEqual([800, 950, 1050]);
    expect(errors).toHaveLength(6);
  });

  test('a trigger does not wait for the back-off', async () => {
    let runs = 0;
    const { keyed, clock } = scene(async () => {
      runs += 1;
      if (runs === 1) throw new Error('no');
    });
    keyed.trigger('a');
    await clock.run(1);
    keyed.trigger('a');
    await clock.run(1_000);
    expect(runs).toBe(2);
  });

  test('superseding ends the run early, without counting it as a failure', async () => {
    const { open, run } = manual();
    const { keyed, errors } = scene(run);
    keyed.trigger('a');
    keyed.trigger('a', { supersede: true });
    await nextTurn();
    expect(open).toHaveLength(1);
    expect(open[0]?.signal.aborted).toBe(false);
    expect(errors).toEqual([]);
  });

  test('stops: runs are ended, nothing starts again, and drained waits for the last', async () => {
    const { open, run } = manual();
    const { keyed, stop, clock, errors } = scene(run);
    keyed.trigger('a');
    keyed.trigger('a');
    stop.abort(new Error('stop'));
    await keyed.drained();
    keyed.trigger('b');
    await clock.run(1_000);
    expect(open).toEqual([]);
    expect(errors).toEqual([]);
  });
});
