import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { systemClock } from '../../src/kube/clock.ts';
import { createFakeLog } from '../../src/kube/fake-log.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { type LeaderOptions, runAsLeader } from '../../src/kube/leader.ts';
import { leases } from '../../src/kube/lease.ts';
import { LeadershipLostError } from '../../src/kube/lease-renewal.ts';
import { startProxy } from './proxy.ts';

/** A fifth of the defaults. */
const durations = { leaseMs: 3000, renewDeadlineMs: 2000, retryMs: 400 };
const namespace = 'default';
const started: ChildProcess[] = [];
let client: ClosableKubeClient;
let count = 0;
const nameOf = (index: number) => `leader-test-${process.pid}-${index}`;
function freshName(): string {
  count += 1;
  return nameOf(count);
}

beforeAll(() => {
  client = createKubeClient({ kubeconfig: inject('kubeconfig') });
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  for (let index = 1; index <= count; index += 1) {
    await client.delete(leases, { namespace, name: nameOf(index) });
  }
  await client.close();
});

/** What candidates do, as it happens. */
interface Course {
  leading: Set<string>;
  most: number;
  terms: string[];
}
const newCourse = (): Course => ({ leading: new Set(), most: 0, terms: [] });

function candidate(name: string, identity: string, course: Course, options: Partial<LeaderOptions> = {}) {
  const stop = new AbortController();
  const state = { lostAt: Number.NaN, beganAt: Number.NaN };
  const end = runAsLeader({
    client,
    namespace,
    name,
    identity,
    clock: systemClock,
    log: createFakeLog(),
    durations,
    signal: stop.signal,
    async lead(signal) {
      state.beganAt = performance.now();
      course.leading.add(identity);
      course.terms.push(identity);
      course.most = Math.max(course.most, course.leading.size);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      course.leading.delete(identity);
    },
    ...options,
  }).catch((error) => {
    state.lostAt = performance.now();
    return error as Error;
  });
  return { stop, state, end };
}

describe('leader election on a real API server', () => {
  it('has never two leaders while candidates come and go', async () => {
    const name = freshName();
    const course = newCourse();
    const all = new Map<string, ReturnType<typeof candidate>>();
    const join = (identity: string) => all.set(identity, candidate(name, identity, course));
    for (const identity of ['a', 'b', 'c']) join(identity);
    for (let round = 0; round < 8; round += 1) {
      await vi.waitFor(() => expect(course.terms).toHaveLength(round + 1), { timeout: 10_000, interval: 5 });
      all.get(course.terms[round] ?? '')?.stop.abort();
      join(`later-${round}`);
    }
    for (const one of all.values()) one.stop.abort();
    await Promise.all([...all.values()].map(({ end }) => end));
    expect(course.most).toBe(1);
    expect(new Set(course.terms).size).toBe(course.terms.length);
    const lease = await client.get(leases, { namespace, name });
    expect(lease.spec).toMatchObject({ leaseDurationSeconds: 1, leaseTransitions: course.terms.length - 1 });
    expect(lease.spec?.holderIdentity ?? '').toBe('');
  });

  it.each(['hung', 'refused'] as const)('reports the loss before another can lead when its way is %s', async (mode) => {
    await using proxy = await startProxy(inject('kubeconfig'));
    const far = createKubeClient({ kubeconfig: proxy.kubeconfig });
    const name = freshName();
    const course = newCourse();
    const leader = candidate(name, 'far', course, { client: far });
    await vi.waitFor(() => expect(course.terms).toEqual(['far']), { timeout: 5000, interval: 5 });
    const follower = candidate(name, 'near', course);
    await new Promise((resolve) => setTimeout(resolve, durations.retryMs * 2));
    const cutAt = performance.now();
    proxy.mode = mode;
    expect(await leader.end).toBeInstanceOf(LeadershipLostError);
    await vi.waitFor(() => expect(course.terms).toEqual(['far', 'near']), { timeout: 10_000, interval: 5 });
    expect(course.most).toBe(1);
    expect(leader.state.lostAt - cutAt).toBeLessThan(durations.renewDeadlineMs + 500);
    expect(follower.state.beganAt - leader.state.lostAt).toBeGreaterThan(300);
    follower.stop.abort();
    await follower.end;
    await far.close();
  });

  it('goes on when its way was cut for less than the renew deadline', async () => {
    await using proxy = await startProxy(inject('kubeconfig'));
    const far = createKubeClient({ kubeconfig: proxy.kubeconfig });
    const name = freshName();
    const course = newCourse();
    const leader = candidate(name, 'far', course, { client: far });
    await vi.waitFor(() => expect(course.terms).toEqual(['far']), { timeout: 5000, interval: 5 });
    const follower = candidate(name, 'near', course);
    for (const mode of ['refused', 'open', 'refused', 'open'] as const) {
      proxy.mode = mode;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    await new Promise((resolve) => setTimeout(resolve, durations.leaseMs));
    expect([...course.leading]).toEqual(['far']);
    for (const one of [follower, leader]) one.stop.abort();
    await Promise.all([leader.end, follower.end]);
    await far.close();
  });
});

/** A candidate in a process of its own; resolves `led` with the milliseconds from its start to its leadership. */
function spawnCandidate(name: string) {
  const script = fileURLToPath(new URL('leader-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, inject('kubeconfig'), namespace, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const led = once(createInterface(child.stdout), 'line').then(([line]) =>
    Number(/^leading (\d+)$/.exec(String(line))?.[1]),
  );
  const gone = once(child, 'exit').then(([code, signal]) => signal ?? code);
  return { child, led, gone };
}

describe('a leader that is a process', () => {
  it('is followed at once after kill -9 on the same host', async () => {
    const name = freshName();
    const first = spawnCandidate(name);
    await first.led;
    first.child.kill('SIGKILL');
    expect(await first.gone).toBe('SIGKILL');
    expect(await spawnCandidate(name).led).toBeLessThan(1500);
  });

  it('is not followed while it lives, and at once when it stops', async () => {
    const name = freshName();
    const first = spawnCandidate(name);
    await first.led;
    const second = spawnCandidate(name);
    const early = await Promise.race([second.led, new Promise((resolve) => setTimeout(() => resolve('waits'), 6000))]);
    expect(early).toBe('waits');
    first.child.kill('SIGTERM');
    expect(await first.gone).toBe(0);
    expect(await second.led).toBeLessThan(12_000);
    const [lease] = [await client.get(leases, { namespace, name })];
    expect(lease.spec?.holderIdentity).toContain(`-${second.child.pid}-`);
  });
});
