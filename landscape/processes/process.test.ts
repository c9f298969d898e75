import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAlive } from './alive.ts';
import { poll } from './poll.ts';
import { type ProcessSpec, startProcess } from './process.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'process-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const sh = (script: string, more: Partial<ProcessSpec> = {}): ProcessSpec => ({
  name: 'part',
  command: '/bin/sh',
  args: ['-c', script],
  logFile: join(dir, 'part.log'),
  ...more,
});

/** Dead, or a zombie that nobody waits for: containers often have no init that reaps. */
async function isGone(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return true;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /\) Z /.test(stat);
}

const untilGone = (pid: number) =>
  poll(() => isGone(pid), { what: `end of process ${pid}`, timeoutMs: 10_000, intervalMs: 10 });

const logged = (pattern: RegExp) =>
  poll(async () => pattern.exec(await readFile(join(dir, 'part.log'), 'utf8').catch(() => ''))?.[1], {
    what: `${pattern} in the log`,
    timeoutMs: 10_000,
    intervalMs: 10,
  });

describe('startProcess', () => {
  test('waits until the process is ready and logs what it says', async () => {
    let asked = 0;
    await using started = await startProcess(
      sh('echo hello; exec sleep 60', {
        ready: async () => {
          asked += 1;
          if (asked === 1) throw new Error('refused');
          return asked === 3;
        },
      }),
    );
    expect(asked).toBe(3);
    expect(await logged(/(hello)/)).toBe('hello');
    expect(isAlive(started.pid)).toBe(true);
    await started.stop();
    expect(isAlive(started.pid)).toBe(false);
  });

  test('fails with the end of the log as soon as the process exits', async () => {
    const start = startProcess(sh('echo out of luck >&2; exit 3', { ready: async () => false }));
    await expect(start).rejects.toThrow(/^part exited with code 3; log: .*part\.log\n {2}\| out of luck$/);
  });

  test('shows only the log of this run', async () => {
    await startProcess(sh('echo first; exit 1', { ready: async () => false })).catch(() => {});
    const start = startProcess(sh('echo second; exit 1', { ready: async () => false }));
    await expect(start).rejects.toThrow(/part\.log\n {2}\| second$/);
  });

  test('names a program that does not exist', async () => {
    const spec = { ...sh(''), command: '/nowhere/program', args: [], ready: async () => false };
    await expect(startProcess(spec)).rejects.toThrow(/exited with code 127.*[\s\S]*\/nowhere\/program/);
  });

  test('kills what never gets ready, and says what the last attempt said', async () => {
    const ready = () => Promise.reject(new Error('connection refused'));
    const start = startProcess(sh('echo $$; exec sleep 60', { ready, readyTimeoutMs: 300 }));
    await expect(start).rejects.toThrow(/not ready after 0\.3 s \(last: connection refused\)/);
    await untilGone(Number(await logged(/(\d+)/)));
  });

  test('an abort during the start leaves nothing behind', async () => {
    const abort = new AbortController();
    const start = startProcess(
      sh('echo $$; exec sleep 60', {
        signal: abort.signal,
        ready: async () => {
          await logged(/(\d+)/);
          abort.abort(new Error('interrupted'));
          return false;
        },
      }),
    );
    await expect(start).rejects.toThrow('interrupted');
    await untilGone(Number(await logged(/(\d+)/)));
  });

  test('stops what ignores SIGTERM after the grace period', async () => {
    const started = await startProcess(sh("trap '' TERM; echo trapped; while :; do sleep 0.1; done", { graceMs: 200 }));
    await logged(/(trapped)/);
    await Promise.all([started.stop(), started.stop()]);
    expect(isAlive(started.pid)).toBe(false);
    expect(started.failure.aborted).toBe(false);
  });

  test('sweeps the children that a process leaves', async () => {
    const started = await startProcess(sh("(trap '' TERM; exec sleep 60) & echo child $!; wait"));
    const child = Number(await logged(/child (\d+)/));
    await started.stop();
    await untilGone(child);
  });

  test('tells when a ready process ends unasked', async () => {
    const started = await startProcess(sh('echo ready; sleep 0.1; echo bye; exit 4', { ready: async () => true }));
    if (!started.failure.aborted) await once(started.failure, 'abort');
    expect(started.failure.reason).toMatchObject({ message: expect.stringMatching(/exited with code 4[\s\S]*bye/) });
  });
});

const fixture = fileURLToPath(new URL('./fixtures/parent.ts', import.meta.url));

describe('the end of the parent', () => {
  test.each([
    ['kill -9', 'hang', 'SIGKILL'],
    ['SIGINT without a handler', 'hang', 'SIGINT'],
    ['an exception', 'throw', undefined],
    ['process.exit', 'exit', undefined],
  ] as const)('%s takes its processes along', async (_, how, signal) => {
    const parent = spawn(process.execPath, [fixture, dir, how], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [output] = (await once(parent.stdout, 'data')) as [Buffer];
    const pids = output.toString().trim().split(' ').map(Number);
    expect(pids).toHaveLength(2);
    if (signal) parent.kill(signal);
    await Promise.all(pids.map(untilGone));
  });
});
