import { describe, expect, it } from 'vitest';
import { createFakeClock, seededRandom } from './fake-clock.ts';
import { createFakeLog } from './fake-log.ts';
import { type LeaderOptions, runAsLeader } from './leader.ts';
import type { Lease, LeaseSpec } from './lease.ts';
import { LeadershipLostError } from './lease-renewal.ts';
import { createMemoryApi, type MemoryApi } from './memory/api.ts';

const id = 'leases/ns/lock';

function setup() {
  const clock = createFakeClock();
  const api = createMemoryApi();
  const spec = () => (api.objects.get(id) as Lease | undefined)?.spec ?? {};
  const put = (more: LeaseSpec | Record<string, unknown>) =>
    api.objects.set(id, {
      metadata: { namespace: 'ns', name: 'lock', resourceVersion: '1', labels: { a: 'b' } },
      spec: more,
    } as Lease);

  function candidate(identity: string, options: Partial<LeaderOptions> & { via?: MemoryApi } = {}) {
    const stop = new AbortController();
    const log = createFakeLog();
    const state = { leads: false, aborted: undefined as unknown, ended: undefined as unknown, at: Number.NaN };
    const lead = async (signal: AbortSignal) => {
      state.leads = true;
      state.at = clock.monotonic();
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve());
      });
      state.aborted = signal.reason;
      state.leads = false;
    };
    const { client } = options.via ?? api;
    const base = {
      client,
      namespace: 'ns',
      name: 'lock',
      identity,
      clock,
      log,
      random: () => 0,
      lead,
      signal: stop.signal,
    };
    const end = runAsLeader({ ...base, ...options }).then(
      () => {
        state.ended = 'ok';
      },
      (error) => {
        state.ended = error;
      },
    );
    return { stop, log, state, end };
  }
  /** Another way to the same objects, with troubles of its own. */
  const link = () => createMemoryApi(api.objects);
  return { clock, api, spec, put, candidate, link };
}

const unreachable = () => {
  throw new Error('connection refused');
};

describe('leader election', () => {
  it('takes a lease that is not there', async () => {
    const { clock, spec, candidate } = setup();
    const { state } = candidate('a');
    await clock.run(0);
    expect(state.leads).toBe(true);
    expect(spec()).toEqual({
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-02T03:04:05.123000Z',
      renewTime: '2026-01-02T03:04:05.123000Z',
      leaseTransitions: 0,
    });
  });

  it('takes a free lease and keeps what others wrote into it', async () => {
    const { clock, api, put, spec, candidate } = setup();
    put({ holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 4, strategy: 'x' });
    const { state } = candidate('a');
    await clock.run(0);
    expect(state.leads).toBe(true);
    expect(spec()).toMatchObject({ holderIdentity: 'a', leaseTransitions: 5, leaseDurationSeconds: 15, strategy: 'x' });
    expect(api.objects.get(id)?.metadata.labels).toEqual({ a: 'b' });
  });

  it('renews every two seconds with one call, and keeps followers waiting', async () => {
    const { clock, api, spec, candidate } = setup();
    const leader = candidate('a');
    await clock.run(0);
    const followed: string[] = [];
    const follower = candidate('b', { onFollow: (holder) => followed.push(holder) });
    await clock.run(0);
    api.calls.length = 0;
    await clock.run(60_000);
    expect(leader.state.leads && !follower.state.leads).toBe(true);
    expect(followed).toEqual(['a']);
    expect(spec().renewTime).toBe('2026-01-02T03:05:05.123000Z');
    expect(spec().acquireTime).toBe('2026-01-02T03:04:05.123000Z');
    expect(api.calls.filter(({ verb }) => verb === 'replace')).toHaveLength(30);
    expect(api.calls.filter(({ verb }) => verb === 'find')).toHaveLength(30);
  });

  it('gives the lease back at the stop, so that a follower has it at its next look', async () => {
    const { clock, spec, candidate } = setup();
    const leader = candidate('a');
    await clock.run(0);
    const follower = candidate('b');
    await clock.run(500);
    leader.stop.abort();
    await leader.end;
    expect(leader.state.ended).toBe('ok');
    expect(spec()).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    await clock.run(2000);
    expect(follower.state.leads).toBe(true);
    expect(spec()).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1, leaseDurationSeconds: 15 });
  });

  it('keeps the lease while the work comes to its end', async () => {
    const { clock, spec, candidate } = setup();
    const leader = candidate('a', {
      lead: async (signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        await new Promise<void>((resolve) => void clock.schedule(59_000, resolve));
      },
    });
    await clock.run(0);
    const follower = candidate('b');
    leader.stop.abort();
    await clock.run(58_999);
    expect(spec().holderIdentity).toBe('a');
    expect(follower.state.leads).toBe(false);
    await clock.run(1);
    await leader.end;
    expect(leader.state.ended).toBe('ok');
    expect(spec().holderIdentity).toBe('');
  });

  it.each(['1970-01-01T00:00:00.000000Z', '2099-01-01T00:00:00.000000Z'])(
    'waits for a holder it has just seen, whatever time it wrote: %s',
    async (renewTime) => {
      const { clock, put, candidate } = setup();
      put({ holderIdentity: 'x', leaseDurationSeconds: 15, renewTime, acquireTime: renewTime });
      const { state } = candidate('a');
      await clock.run(14_999);
      expect(state.leads).toBe(false);
      await clock.run(1);
      expect(state.leads).toBe(true);
    },
  );

  it('respects the duration that the holder promised, not its own', async () => {
    const { clock, put, candidate } = setup();
    put({ holderIdentity: 'x', leaseDurationSeconds: 60 });
    const { state } = candidate('a');
    await clock.run(59_999);
    expect(state.leads).toBe(false);
    await clock.run(1);
    expect(state.leads).toBe(true);
  });

  it('is not moved by a step of the wall clock', async () => {
    const { clock, candidate } = setup();
    const leader = candidate('a');
    await clock.run(0);
    const follower = candidate('b');
    await clock.run(3000);
    clock.stepWall(3_600_000);
    await clock.run(10_000);
    clock.stepWall(-7_200_000);
    await clock.run(10_000);
    expect([leader.state.leads, follower.state.leads, leader.state.ended]).toEqual([true, false, undefined]);
  });

  it('lets one of two candidates win that try in the same moment', async () => {
    const { clock, candidate } = setup();
    const [one, two] = [candidate('a'), candidate('b')];
    await clock.run(10_000);
    expect([one.state.leads, two.state.leads].filter(Boolean)).toHaveLength(1);
  });

  it('takes the lease of a holder that is provably dead at once', async () => {
    const { clock, put, spec, candidate } = setup();
    put({ holderIdentity: 'dead', leaseDurationSeconds: 15, leaseTransitions: 1 });
    const { state } = candidate('a', { isDead: (holder) => holder === 'dead' });
    await clock.run(0);
    expect(state.leads).toBe(true);
    expect(spec()).toMatchObject({ holderIdentity: 'a', leaseTransitions: 2 });
  });

  it.each([1, 2, 3, 4, 5])(
    'loses it before another can take it when the API server is away (seed %i)',
    async (seed) => {
      const random = seededRandom(seed);
      const { clock, candidate, link } = setup();
      const via = link();
      const leader = candidate('a', { via, random });
      await clock.run(0);
      const follower = candidate('b', { random });
      await clock.run(5000 + random() * 5000);
      via.before = seed % 2 ? unreachable : () => new Promise(() => undefined);
      const cutAt = clock.monotonic();
      for (let step = 0; step < 400 && !follower.state.leads; step += 1) {
        await clock.run(50);
        expect(leader.state.leads && follower.state.leads).toBe(false);
        if (clock.monotonic() - cutAt >= 10_000) expect(leader.state.ended).toBeInstanceOf(LeadershipLostError);
      }
      expect(follower.state.leads).toBe(true);
      expect(leader.state.aborted).toBe(leader.state.ended);
      expect((leader.state.ended as Error).message).toBe('leadership of ns/lock lost: not renewed for 10 s');
    },
  );

  it('outlives an API server that is away for less than the renew deadline', async () => {
    const { clock, api, candidate } = setup();
    const leader = candidate('a');
    await clock.run(1);
    api.before = unreachable;
    await clock.run(9_000);
    api.before = () => undefined;
    await clock.run(60_000);
    expect([leader.state.leads, leader.state.ended]).toEqual([true, undefined]);
  });

  it('does not wait for work that ignores the loss', async () => {
    const { clock, api, candidate } = setup();
    const leader = candidate('a', { lead: () => new Promise(() => undefined) });
    await clock.run(0);
    api.before = unreachable;
    await clock.run(10_000);
    expect(leader.state.ended).toBeInstanceOf(LeadershipLostError);
  });

  it.each<[string, LeaseSpec, string]>([
    ['taken', { holderIdentity: 'x', leaseDurationSeconds: 15 }, 'held by x'],
    ['cleared', { holderIdentity: '', leaseDurationSeconds: 1 }, 'given up by another'],
  ])('loses a lease that was %s behind its back', async (_, spec, why) => {
    const { clock, api, put, candidate } = setup();
    const leader = candidate('a');
    await clock.run(3000);
    put(spec);
    api.calls.length = 0;
    await clock.run(2000);
    expect((leader.state.ended as Error).message).toBe(`leadership of ns/lock lost: ${why}`);
    expect(
      api.calls.filter(({ verb, body }) => verb !== 'find' && (body as Lease).metadata.resourceVersion === '1'),
    ).toEqual([]);
  });

  it('makes a lease anew that was deleted', async () => {
    const { clock, api, spec, candidate } = setup();
    const leader = candidate('a');
    await clock.run(3000);
    api.objects.delete(id);
    await clock.run(2000);
    expect(spec().holderIdentity).toBe('a');
    expect(leader.state.leads).toBe(true);
  });

  it('is not confused by others who touch the lease', async () => {
    const { clock, api, candidate } = setup();
    const leader = candidate('a');
    for (let round = 0; round < 20; round += 1) {
      await clock.run(1500);
      const lease = api.objects.get(id);
      if (lease) lease.metadata.resourceVersion = String(Number(lease.metadata.resourceVersion) + 1);
    }
    expect([leader.state.leads, leader.state.ended]).toEqual([true, undefined]);
  });

  it.each(['create', 'replace'] as const)('holds what it wrote though the answer to a %s was lost', async (verb) => {
    const { clock, api, spec, candidate } = setup();
    let lost = 0;
    api.after = (call) => {
      if (call.verb === verb && lost++ === 0) throw new Error('socket hang up');
    };
    const leader = candidate('a');
    await clock.run(30_000);
    expect(lost).toBeGreaterThan(0);
    expect([leader.state.leads, leader.state.ended]).toEqual([true, undefined]);
    expect(spec().leaseTransitions).toBe(0);
  });

  it('gives back also what it took by a write whose answer was lost', async () => {
    const { clock, api, spec, candidate } = setup();
    api.after = ({ verb }) => (verb === 'create' ? unreachable() : undefined);
    const leader = candidate('a');
    await clock.run(0);
    expect(spec().holderIdentity).toBe('a');
    leader.stop.abort();
    await leader.end;
    expect(spec().holderIdentity).toBe('');
    expect(leader.state.ended).toBe('ok');
  });

  it('touches nothing when a follower stops', async () => {
    const { clock, api, put, candidate } = setup();
    put({ holderIdentity: 'x', leaseDurationSeconds: 15 });
    const follower = candidate('a');
    await clock.run(0);
    follower.stop.abort();
    await follower.end;
    expect(follower.state.ended).toBe('ok');
    expect(api.calls.map(({ verb }) => verb)).toEqual(['find']);
  });

  it.each([
    ['resolves', () => Promise.resolve(), 'ok'],
    ['rejects', () => Promise.reject(new Error('boom')), new Error('boom')],
  ])('gives the lease back when the work %s by itself', async (_, lead, ended) => {
    const { clock, spec, candidate } = setup();
    const leader = candidate('a', { lead });
    await clock.run(0);
    await leader.end;
    expect(leader.state.ended).toEqual(ended);
    expect(spec().holderIdentity).toBe('');
    expect(clock.pending).toBe(0);
  });

  it('stops though the lease cannot be given back', async () => {
    const { clock, api, candidate } = setup();
    const leader = candidate('a');
    await clock.run(0);
    api.before = unreachable;
    leader.stop.abort();
    await leader.end;
    expect(leader.state.ended).toBe('ok');
    expect(leader.log.lines.at(-1)).toMatchObject({ level: 'warn' });
  });

  it('tells the metric', async () => {
    const { clock, candidate } = setup();
    const told: [string, boolean][] = [];
    const leader = candidate('a', { metrics: { leading: (...args) => void told.push(args) } });
    await clock.run(0);
    leader.stop.abort();
    await leader.end;
    expect(told.slice(0, 3)).toEqual([
      ['lock', false],
      ['lock', true],
      ['lock', false],
    ]);
  });

  it.each([{ renewDeadlineMs: 15_000 }, { retryMs: 9_000 }, { retryMs: 0 }])(
    'refuses durations that are not safe: %o',
    async (durations) => {
      const { candidate } = setup();
      const leader = candidate('a', { durations });
      await leader.end;
      expect(leader.state.ended).toBeInstanceOf(RangeError);
    },
  );
});
