import { describe, expect, it } from 'vitest';
import { type ControllerOptions, createController, type Reconcile } from './controller.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeLog } from './fake-log.ts';
import type { Informer, InformerEvent } from './lister.ts';
import type { KubeObject } from './object.ts';

function setup(reconcile: Reconcile, options: Partial<ControllerOptions> = {}) {
  const clock = createFakeClock();
  const log = createFakeLog();
  const stop = new AbortController();
  const base = { name: 'infra', deadlineMs: 60_000, clock, log, random: () => 0, reconcile };
  const controller = createController({ ...base, ...options });
  return { clock, log, stop, controller, run: () => controller.run(stop.signal) };
}

/** An informer that is driven by the test. */
function manualInformer() {
  const synced = Promise.withResolvers<void>();
  const handlers: ((event: InformerEvent<KubeObject>) => void)[] = [];
  const informer = {
    subscribe: (handler: (event: InformerEvent<KubeObject>) => void) => void handlers.push(handler),
    waitForSync: (signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        synced.promise.then(resolve);
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  } as unknown as Informer<KubeObject>;
  const add = (name: string) => {
    for (const handler of handlers) handler({ type: 'add', object: { metadata: { name } }, initial: true });
  };
  return { informer, add, sync: () => synced.resolve() };
}

const never = () => new Promise<never>(() => undefined);
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('controller', () => {
  it('works only when all informers are in sync, and loses no event that came before', async () => {
    const seen: string[] = [];
    const { clock, controller, stop, run } = setup(async (key) => void seen.push(key));
    const [one, two] = [manualInformer(), manualInformer()];
    controller.watch(one.informer, ({ object }) => [`ns/${object.metadata.name}`]);
    controller.watch(two.informer, () => ['ns/mapped']);
    one.add('early');
    const end = run();
    one.sync();
    await clock.run(1000);
    expect(seen).toEqual([]);
    two.add('x');
    two.sync();
    await clock.run(1);
    expect(seen).toEqual(['ns/early', 'ns/mapped']);
    stop.abort();
    await end;
  });

  it('ends when it is stopped before the informers are in sync', async () => {
    const { controller, stop, run } = setup(never);
    controller.watch(manualInformer().informer, () => []);
    const end = run();
    stop.abort(new Error('stop'));
    await end;
  });

  it('outlives a mapping that throws', async () => {
    const { log, controller } = setup(never);
    const { informer, add } = manualInformer();
    controller.watch(informer, () => {
      throw new Error('bad label');
    });
    add('x');
    expect(log.lines).toMatchObject([{ level: 'error', values: { name: 'x', error: { message: 'bad label' } } }]);
  });

  it('tries again after a failure, later each time, and says why', async () => {
    const at: number[] = [];
    const { clock, log, controller, stop, run } = setup(async () => {
      at.push(clock.monotonic());
      if (at.length < 4) throw new Error('no');
      return undefined;
    });
    controller.enqueue('ns/a');
    const end = run();
    await clock.run(1000);
    expect(at).toEqual([0, 5, 15, 35]);
    const failures = log.lines.filter(({ level }) => level === 'error');
    expect(failures).toHaveLength(3);
    const { error, controller: name, object, namespace, name: objectName, reconcileID } = failures[0]?.values ?? {};
    expect({ error, name, object, namespace, objectName }).toMatchObject({
      error: { message: 'no' },
      name: 'infra',
      object: { namespace: 'ns', name: 'a' },
      namespace: 'ns',
      objectName: 'a',
    });
    expect(reconcileID).not.toBe(failures[1]?.values.reconcileID);
    stop.abort();
    await end;
  });

  it.each<[string, () => never]>([
    [
      'a synchronous throw',
      () => {
        throw new Error('sync');
      },
    ],
    [
      'a thrown string',
      () => {
        throw 'text';
      },
    ],
    [
      'a thrown undefined',
      () => {
        throw undefined;
      },
    ],
  ])('survives %s', async (_, explode) => {
    let runs = 0;
    const { clock, controller, stop, run } = setup(() => {
      runs += 1;
      if (runs === 1) explode();
      return Promise.resolve(undefined);
    });
    controller.enqueue('a');
    const end = run();
    await clock.run(10);
    expect(runs).toBe(2);
    stop.abort();
    await end;
  });

  it.each<[string, () => Promise<{ requeueAfterMs: number }>]>([
    ['the result', async () => ({ requeueAfterMs: 700 })],
    [
      'the error',
      async () => {
        throw Object.assign(new Error('busy'), { retryAfterMs: 700 });
      },
    ],
  ])('runs again when %s says so, without a growing back-off', async (_, reconcile) => {
    const at: number[] = [];
    const { clock, controller, stop, run } = setup(() => {
      at.push(clock.monotonic());
      return reconcile();
    });
    controller.enqueue('a');
    const end = run();
    await clock.run(2000);
    expect(at).toEqual([0, 700, 1400]);
    stop.abort();
    await end;
  });

  it('aborts a run at its deadline, with the reason, and tries again', async () => {
    const { clock, log, controller, stop, run } = setup((_, signal) => untilAborted(signal), { deadlineMs: 100 });
    controller.enqueue('a');
    const end = run();
    await clock.run(104);
    expect(log.lines.at(-1)).toMatchObject({
      level: 'error',
      values: { error: { name: 'TimeoutError', message: 'reconcile of infra a took longer than 0.1 s' } },
    });
    stop.abort();
    await end;
  });

  it('names the deadline also where the run passed on a bare AbortError', async () => {
    const abortError = Object.assign(new Error('This operation was aborted'), { name: 'AbortError' });
    const reconcile: Reconcile = (_, signal) => untilAborted(signal).catch(() => Promise.reject(abortError));
    const { clock, log, controller, stop, run } = setup(reconcile, { deadlineMs: 100 });
    controller.enqueue('a');
    const end = run();
    await clock.run(104);
    expect(log.lines.at(-1)?.values.error).toMatchObject({ name: 'TimeoutError', cause: abortError });
    stop.abort();
    await end;
  });

  it('runs as many objects at once as it has workers, and never one twice', async () => {
    const running = new Map<string, number>();
    let most = 0;
    const { clock, controller, stop, run } = setup(
      async (key) => {
        running.set(key, (running.get(key) ?? 0) + 1);
        most = Math.max(
          most,
          [...running.values()].reduce((sum, count) => sum + count, 0),
        );
        expect(running.get(key)).toBe(1);
        await new Promise<void>((resolve) => void clock.schedule(10, resolve));
        running.delete(key);
        return undefined;
      },
      { workers: 3 },
    );
    const end = run();
    for (let round = 0; round < 5; round += 1) {
      for (const key of ['a', 'b', 'c', 'd', 'e']) controller.enqueue(key);
      await clock.run(7);
    }
    expect(most).toBe(3);
    stop.abort();
    await clock.run(100);
    await end;
  });

  it('lets running work finish after the stop, and takes none anew', async () => {
    const seen: string[] = [];
    let signalSeen: AbortSignal | undefined;
    const { clock, controller, stop, run } = setup(async (key, signal) => {
      seen.push(key);
      signalSeen = signal;
      await new Promise<void>((resolve) => void clock.schedule(5000, resolve));
      return { requeueAfterMs: 0 };
    });
    controller.enqueue('a');
    controller.enqueue('b');
    const end = run();
    await clock.run(10);
    stop.abort();
    await clock.run(5000);
    await end;
    expect(seen).toEqual(['a']);
    expect(signalSeen?.aborted).toBe(false);
  });

  it('aborts what does not finish within the drain time, and does not count it as a failure', async () => {
    const { clock, log, controller, stop, run } = setup((_, signal) => untilAborted(signal), { drainMs: 3000 });
    controller.enqueue('a');
    const end = run();
    await clock.run(10);
    stop.abort();
    await clock.run(2999);
    expect(log.lines.filter(({ level }) => level !== 'info')).toEqual([]);
    await clock.run(1);
    await end;
    expect(log.lines.map(({ message }) => message)).toContain('Reconcile was cut short by the stop');
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('ends even if a run ignores its signal', async () => {
    const { clock, controller, stop, run } = setup(never, { drainMs: 3000 });
    controller.enqueue('a');
    const end = run();
    await clock.run(10);
    stop.abort();
    await clock.run(3000);
    await clock.run(1000);
    await end;
  });

  it('leaves no timer and no listener behind', async () => {
    const { clock, controller, stop, run } = setup(async () => undefined);
    const end = run();
    for (let index = 0; index < 50; index += 1) controller.enqueue(`k${index}`);
    await clock.run(1);
    expect(clock.pending).toBe(0);
    stop.abort();
    await clock.run(0);
    await end;
  });

  it('is started once', async () => {
    const { stop, run } = setup(never);
    stop.abort();
    await run();
    await expect(run()).rejects.toThrow('started twice');
  });
});

describe('pause', () => {
  /** Runs that pause until the test lets them go on; `log` tells what happened in which order. */
  function pausing(workers = 1) {
    const log: string[] = [];
    const gates = new Map<string, PromiseWithResolvers<void>>();
    const stage = setup(
      async (key, signal, _, pause) => {
        log.push(`begin ${key}`);
        const gate = Promise.withResolvers<void>();
        gates.set(key, gate);
        await pause(() => Promise.race([gate.promise, untilAborted(signal)])).catch((error) => {
          log.push(`aborted ${key}`);
          throw error;
        });
        log.push(`resumed ${key}`);
        await Promise.resolve();
        log.push(`end ${key}`);
        return undefined;
      },
      { workers },
    );
    return { ...stage, happened: log, letGo: (key: string) => gates.get(key)?.resolve() };
  }

  it('lets other keys be worked on, but never the same', async () => {
    const { clock, controller, stop, run, happened, letGo } = pausing();
    for (const key of ['a', 'b', 'c']) controller.enqueue(key);
    const end = run();
    await clock.run(1);
    expect(happened).toEqual(['begin a', 'begin b', 'begin c']);
    controller.enqueue('a');
    await clock.run(1);
    expect(happened).toHaveLength(3);
    letGo('a');
    await clock.run(1);
    expect(happened.slice(3)).toEqual(['resumed a', 'end a', 'begin a']);
    stop.abort();
    await end;
  });

  it('goes on only when a worker is free, also if the queue has been empty', async () => {
    const busy = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const happened: string[] = [];
    const { clock, controller, stop, run } = setup(async (key, _, __, pause) => {
      if (key === 'paused') await pause(() => gate.promise);
      else await busy.promise;
      happened.push(key);
      return undefined;
    });
    controller.enqueue('paused');
    const end = run();
    await clock.run(1);
    controller.enqueue('busy');
    await clock.run(1);
    gate.resolve();
    await clock.run(1);
    expect(happened).toEqual([]);
    busy.resolve();
    await clock.run(1);
    expect(happened).toEqual(['busy', 'paused']);
    stop.abort();
    await end;
  });

  it('is not followed by another run when it had come back and the stop came then', async () => {
    const gate = Promise.withResolvers<void>();
    const busy = Promise.withResolvers<void>();
    const happened: string[] = [];
    const { clock, controller, stop, run } = setup(async (key, _, __, pause) => {
      happened.push(`begin ${key}`);
      await pause(() => gate.promise);
      await busy.promise;
      happened.push(`end ${key}`);
      return undefined;
    });
    controller.enqueue('a');
    const end = run();
    await clock.run(1);
    gate.resolve();
    await clock.run(1);
    controller.enqueue('b');
    await clock.run(1);
    stop.abort();
    busy.resolve();
    await end;
    expect(happened).toEqual(['begin a', 'end a']);
  });

  it('is cut short at once by the stop, and by the deadline', async () => {
    const { clock, log, controller, stop, run, happened } = pausing();
    controller.enqueue('late');
    const end = run();
    await clock.run(60_000);
    expect(happened).toEqual(['begin late', 'aborted late']);
    expect(log.lines.find(({ message }) => message === 'Reconcile failed')?.values.error).toMatchObject({
      name: 'TimeoutError',
    });
    controller.enqueue('stopped');
    await clock.run(1);
    stop.abort(new Error('stop'));
    await end;
    expect(happened).toContain('aborted stopped');
    expect(log.lines.map(({ message }) => message)).toContain('Reconcile was cut short by the stop');
  });
});
