import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/kube/clock.ts';
import { createFakeLog } from '../../src/kube/fake-log.ts';
import { createMemoryApi } from '../../src/kube/memory/api.ts';
import { isAlive } from '../processes/alive.ts';
import { poll } from '../processes/poll.ts';
import { type ContainerState, runContainer } from './container.ts';
import type { Container } from './pod-spec.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'container-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Runs a script in the place of an image, and collects what is said of it. */
function run(script: string, env: Container['env'] = []) {
  const stop = new AbortController();
  const states: ContainerState[] = [];
  const container: Container = { name: 'main', image: 'image', env };
  const ended = runContainer({
    ...{ dir, container, namespace: 'shoot--a--b', podName: 'manager', access: '', origins: {} },
    client: createMemoryApi().client,
    pod: { containers: [container], automountServiceAccountToken: false },
    program: { command: ['/bin/sh', '-c', script], ports: { 8080: (port) => ({ env: { PORT: String(port) } }) } },
    logFile: join(dir, 'log'),
    clock: systemClock,
    log: createFakeLog(),
    signal: stop.signal,
    onState: (state) => states.push(state),
    onEnd: () => {},
  });
  const stopIt = async () => {
    stop.abort(new Error('enough'));
    await ended;
  };
  const isReady = () => poll(async () => states.at(-1)?.isReady, { what: 'the container', timeoutMs: 20_000 });
  return { states, isReady, stop: stopIt };
}

const lines = async (name: string) => (await readFile(join(dir, name), 'utf8')).trim().split('\n');

test('a process that ends is started again, with other ports', async () => {
  const running = run('echo $PORT >> ports; [ $(wc -l < ports) -ge 3 ] && exec sleep 60');
  await poll(async () => (await lines('ports')).length === 3, { what: 'three starts', timeoutMs: 20_000 });
  await running.isReady();
  const ports = await lines('ports');
  expect(running.states.at(-1)?.ports.get(8080)).toBe(Number(ports[2]));
  await running.stop();
});

test('a process ends with its container', async () => {
  const running = run('echo $$ > pid; exec sleep 60');
  await running.isReady();
  const [pid] = await lines('pid');
  expect(isAlive(Number(pid))).toBe(true);
  await running.stop();
  expect(isAlive(Number(pid))).toBe(false);
  expect(running.states.at(-1)).toEqual({ isReady: false, ports: new Map() });
});

test('what cannot be started yet is not started', async () => {
  const missing = { name: 'X', valueFrom: { secretKeyRef: { name: 'missing', key: 'x' } } };
  const running = run('touch started', [missing]);
  await poll(async () => running.states.length >= 2, { what: 'two attempts', timeoutMs: 20_000 });
  await running.stop();
  expect(running.states.every(({ isReady }) => !isReady)).toBe(true);
  await expect(lines('started')).rejects.toThrow('ENOENT');
});
