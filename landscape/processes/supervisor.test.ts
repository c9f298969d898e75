import { expect, test } from 'vitest';
import type { RunningProcess } from './process.ts';
import { createSupervisor } from './supervisor.ts';

function fake(name: string, log: string[]) {
  const failure = new AbortController();
  const end = async () => void log.push(name);
  const process: RunningProcess = {
    name,
    pid: 1,
    logFile: `${name}.log`,
    failure: failure.signal,
    stop: end,
    kill: end,
    [Symbol.asyncDispose]: end,
  };
  return { process, die: () => failure.abort(new Error(`${name} died`)) };
}

/** A start that goes on until its signal ends it. */
const forever = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

test('stops higher stages first, once', async () => {
  const log: string[] = [];
  const supervisor = createSupervisor();
  supervisor.add(fake('etcd', log).process, 0);
  supervisor.add(fake('garden', log).process, 1);
  supervisor.add(fake('gardener', log).process, 2);
  supervisor.stopped.addEventListener('abort', () => log.push('stopped'));
  await Promise.all([supervisor.stop(), supervisor.stop()]);
  await supervisor.stop();
  expect(log).toEqual(['gardener', 'garden', 'etcd', 'stopped']);
});

test('a process that dies ends the starts that need it, and is the reason', async () => {
  const supervisor = createSupervisor();
  const etcd = fake('etcd', []);
  supervisor.add(etcd.process, 0);
  const starts = supervisor.all([forever(supervisor.signal), forever(supervisor.signal)]);
  etcd.die();
  await expect(starts).rejects.toThrow('etcd died');
  expect(supervisor.failure.reason).toEqual(new Error('etcd died'));
});

test('a start that fails ends the others before the call rejects', async () => {
  const supervisor = createSupervisor();
  const ended: string[] = [];
  const other = forever(supervisor.signal).finally(() => ended.push('other'));
  await expect(supervisor.all([other, Promise.reject(new Error('no port'))])).rejects.toThrow('no port');
  expect(ended).toEqual(['other']);
  expect(supervisor.failure.aborted).toBe(false);
});

test('the end of a process that was taken out is nobody’s failure', () => {
  const supervisor = createSupervisor();
  const garden = fake('garden', []);
  supervisor.add(garden.process, 1);
  supervisor.remove(garden.process);
  garden.die();
  expect(supervisor.failure.aborted).toBe(false);
});

test('a process that died before it was handed over is noticed', () => {
  const supervisor = createSupervisor();
  const garden = fake('garden', []);
  garden.die();
  supervisor.add(garden.process, 1);
  expect(supervisor.failure.aborted).toBe(true);
});
