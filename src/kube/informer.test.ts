import { describe, expect, test } from 'vitest';
import type { ListOptions, ObjectList, WatchEvent, WatchOptions } from './client.ts';
import { ApiError } from './errors.ts';
import { createFakeClock } from './fake-clock.ts';
import { createInformer, type InformerOptions } from './informer.ts';
import type { InformerEvent } from './lister.ts';
import type { Logger } from './logger.ts';
import type { KubeObject } from './object.ts';
import { defineResource } from './resource.ts';
import { TransportError } from './transport-error.ts';

const things = defineResource({ group: 'x', version: 'v1', kind: 'Thing', plural: 'things', namespaced: false });
const thing = (name: string, resourceVersion: number, uid = `uid-${name}`): KubeObject => ({
  metadata: { name, uid, resourceVersion: String(resourceVersion), managedFields: [{}] },
});
const bookmark = (resourceVersion: number) => ({ type: 'BOOKMARK', object: thing('', resourceVersion) }) as const;
const expired = () => new ApiError(410, { reason: 'Expired', message: 'too old' });

/** Each step answers one call: a list of objects or an error, or the events of a watch and how it ends. */
type ListStep = { list: KubeObject[]; at: number } | { listError: Error };
type WatchStep = { watch: WatchEvent<KubeObject>[]; lastsMs?: number; end?: Error };
type Step = ListStep | WatchStep;

function setup(steps: Step[], options: Partial<InformerOptions<KubeObject>> = {}) {
  const clock = createFakeClock();
  const calls: string[] = [];
  const logged: string[] = [];
  const events: string[] = [];
  const abort = new AbortController();

  const untilAborted = (signal: AbortSignal | undefined) =>
    new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
  const client = {
    async list<T extends KubeObject>(_: unknown, { signal }: ListOptions = {}): Promise<ObjectList<T>> {
      const step = steps.shift();
      calls.push(`list@${clock.monotonic()}`);
      if (!step) return untilAborted(signal);
      if ('listError' in step) throw step.listError;
      if (!('list' in step)) throw new Error('a list was not expected');
      return { items: structuredClone(step.list) as T[], resourceVersion: String(step.at) };
    },
    async *watch<T extends KubeObject>(
      _: unknown,
      query: WatchOptions,
    ): AsyncGenerator<WatchEvent<T>, void, undefined> {
      calls.push(`watch ${query.resourceVersion}@${clock.monotonic()}`);
      const step = steps.shift();
      if (!step) await untilAborted(query.signal);
      if (!step || !('watch' in step)) throw new Error('a watch was not expected');
      for (const event of step.watch) yield event as WatchEvent<T>;
      clock.advance(step.lastsMs ?? 0);
      if (step.end) throw step.end;
    },
  };
  const note = (_: object, message: string) => void logged.push(message);
  const log: Logger = { debug: note, info: note, warn: note, error: note, child: () => log };
  const informer = createInformer({ client, resource: things, clock, log, random: () => 0, ...options });
  informer.subscribe((event) => events.push(describeEvent(event)));
  const running = informer.run(abort.signal);
  return { clock, calls, logged, events, informer, abort, running };
}

function describeEvent(event: InformerEvent<KubeObject>): string {
  const { name, uid, resourceVersion } = event.object.metadata;
  const from = event.type === 'update' ? `${event.old.metadata.resourceVersion}>` : '';
  return `${event.type} ${name} ${from}${resourceVersion} ${uid}${event.type === 'add' && event.initial ? ' initial' : ''}`;
}

describe('createInformer', () => {
  test('lists, then tells changes in order, and says how far it has come', async () => {
    const { clock, events, informer, abort, running } = setup([
      { list: [thing('a', 1), thing('b', 2)], at: 5 },
      {
        watch: [
          { type: 'MODIFIED', object: thing('a', 6) },
          { type: 'ADDED', object: thing('c', 7) },
          { type: 'DELETED', object: thing('a', 8) },
          bookmark(20),
        ],
        lastsMs: 400_000,
      },
    ]);
    expect(informer.hasSynced).toBe(false);
    await informer.waitForSync(abort.signal);
    await clock.run(0);
    expect(events).toEqual([
      'add a 1 uid-a initial',
      'add b 2 uid-b initial',
      'update a 1>6 uid-a',
      'add c 7 uid-c',
      'delete a 8 uid-a',
    ]);
    expect(informer.list().map((each) => each.metadata.name)).toEqual(['b', 'c']);
    expect(informer.get('b')?.metadata.managedFields).toBeUndefined();
    expect(informer.resourceVersion).toBe('20');
    abort.abort();
    await running;
  });

  test('goes on from the last version, a bookmark included, when the watch ends', async () => {
    const { clock, calls } = setup([
      { list: [], at: 5 },
      { watch: [{ type: 'ADDED', object: thing('a', 6) }, bookmark(9)], lastsMs: 400_000 },
      { watch: [], lastsMs: 400_000 },
    ]);
    await clock.run(0);
    expect(calls).toEqual(['list@0', 'watch 5@0', 'watch 9@400000', 'watch 9@800000']);
  });

  test.each([
    ['in the stream', { watch: [], lastsMs: 60_000, end: expired() }],
    ['after the versions went back', { watch: [bookmark(3)], lastsMs: 0 }],
    [
      'when the version is in the future',
      {
        watch: [],
        end: new ApiError(504, { details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } }),
      },
    ],
    ['when the resource was taken away', { watch: [], end: new ApiError(404, {}) }],
  ])('lists again %s, and tells what was missed', async (_, end) => {
    const { clock, calls, events } = setup([
      { list: [thing('same', 1), thing('changed', 2), thing('gone', 3), thing('again', 4)], at: 5 },
      end,
      { list: [thing('same', 1), thing('changed', 8), thing('again', 9, 'other'), thing('new', 7)], at: 10 },
    ]);
    await clock.run(1_000);
    expect(events.slice(4)).toEqual([
      'delete gone 3 uid-gone',
      'update changed 2>8 uid-changed',
      'delete again 4 uid-again',
      'add again 9 other',
      'add new 7 uid-new',
    ]);
    expect(calls.at(-1)).toMatch(/^watch 10@/);
  });

  test('an error keeps the version; each attempt waits longer', async () => {
    const down = new Error('ECONNREFUSED');
    const steps: Step[] = [{ list: [], at: 5 }, ...Array.from({ length: 8 }, () => ({ watch: [], end: down }))];
    const { clock, calls, logged } = setup(steps);
    await clock.run(300_000);
    const seconds = [0, 1, 3, 7, 15, 31, 61, 91, 121];
    expect(calls.slice(1)).toEqual(seconds.map((at) => `watch 5@${at * 1000}`));
    expect(logged).toHaveLength(8);
  });

  test('a watch that fell silent is begun again at once, where it was', async () => {
    const idle = new TransportError('watch things', 'IDLE', 'nothing came');
    const { clock, calls } = setup([
      { list: [], at: 5 },
      { watch: [], lastsMs: 150_000, end: idle },
    ]);
    await clock.run(0);
    expect(calls).toEqual(['list@0', 'watch 5@0', 'watch 5@150000']);
  });

  test('a server that closes at once is not asked in a loop', async () => {
    const { clock, calls } = setup([{ list: [], at: 5 }, ...Array.from({ length: 50 }, () => ({ watch: [] }))]);
    await clock.run(60_000);
    expect(calls).toHaveLength(2 + 6);
  });

  test('a list that fails is tried again; the sync waits for it', async () => {
    const { clock, informer } = setup([
      { listError: new ApiError(503, {}) },
      { listError: new Error('reset') },
      { list: [thing('a', 1)], at: 5 },
    ]);
    await clock.run(2_000);
    expect(informer.hasSynced).toBe(false);
    await clock.run(2_000);
    expect(informer.hasSynced).toBe(true);
  });

  test('an abort ends everything, at any point', async () => {
    for (const steps of [[], [{ list: [], at: 1 }], [{ listError: new Error('x') }]] as Step[][]) {
      const { clock, abort, running, informer } = setup(steps);
      const synced = informer.waitForSync(abort.signal).catch((error: unknown) => error);
      await clock.run(0);
      const reason = new Error('enough');
      abort.abort(reason);
      await running;
      expect([undefined, reason]).toContain(await synced);
      expect(clock.pending).toBe(0);
    }
  });

  test('a handler, a transform or an index that throws is logged; the others hear all', async () => {
    const refuse = (object: KubeObject) => {
      if (object.metadata.name === 'bad') throw new Error('cannot bear this');
    };
    const { clock, informer, events, logged } = setup(
      [
        { list: [thing('a', 1), thing('bad', 2)], at: 5 },
        { watch: [{ type: 'ADDED', object: thing('b', 6) }], lastsMs: 1 },
      ],
      {
        transform: (object) => {
          refuse(object);
          return object;
        },
        indexes: {
          letter: (object) => {
            refuse(object);
            return [object.metadata.name];
          },
        },
      },
    );
    informer.subscribe(({ object }) => refuse(object));
    await clock.run(0);
    expect(informer.hasSynced).toBe(true);
    expect(events).toEqual(['add a 1 uid-a initial', 'add bad 2 uid-bad initial', 'add b 6 uid-b']);
    expect(informer.byIndex('letter', 'b')).toHaveLength(1);
    expect(logged.filter((message) => message === 'a function threw')).toHaveLength(3);
  });

  test('a handler that comes late hears what is there, once, also when it comes during an event', async () => {
    const { clock, informer } = setup([{ list: [thing('a', 1), thing('b', 2)], at: 5 }]);
    const late: string[] = [];
    informer.subscribe((event) => {
      if (event.object.metadata.name === 'a') informer.subscribe((each) => late.push(describeEvent(each)));
    });
    await clock.run(0);
    expect(late).toEqual(['add a 1 uid-a initial', 'add b 2 uid-b initial']);
  });

  test('indexes follow the objects', async () => {
    const { clock, informer } = setup(
      [{ list: [thing('a', 1), thing('b', 2)], at: 5 }, { watch: [{ type: 'DELETED', object: thing('a', 6) }] }],
      { indexes: { letter: (object) => [object.metadata.name] } },
    );
    await clock.run(0);
    expect(informer.byIndex('letter', 'a')).toEqual([]);
    expect(informer.byIndex('letter', 'b')).toHaveLength(1);
    expect(() => informer.byIndex('none', 'b')).toThrow('no index named');
  });

  test('a second run at the same time is refused', async () => {
    const { clock, informer, calls, logged } = setup([{ list: [], at: 5 }]);
    await informer.run(new AbortController().signal);
    await clock.run(0);
    expect(calls.filter((call) => call.startsWith('list'))).toHaveLength(1);
    expect(logged).toEqual(['the informer runs already']);
  });
});
