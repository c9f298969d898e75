import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Duplex } from 'node:stream';
import { logTail } from './log-tail.ts';
import { poll } from './poll.ts';

/**
 * Starts the command in the group that spawn made (detached), beside a watcher that waits on file descriptor 3. The
 * other end of it is this process: when this process ends, however it ends, the read returns and the watcher kills the
 * group. Node cannot ask the kernel for that (PR_SET_PDEATHSIG). The watcher ignores what stops the command.
 */
const GUARD = `(trap '' TERM INT HUP; read -r _ <&3; kill -s KILL 0) >/dev/null 2>&1 & exec "$@" 3<&-`;

/** For programs in Go: many run side by side, each small. Half of what the collector takes is worth some memory. */
const frugal = { GOGC: '300', GOMEMLIMIT: '1GiB', GOMAXPROCS: '2' };

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Standard output and error are appended here. */
  readonly logFile: string;
  /** False, undefined or an exception: ask again. Absent: ready at once. */
  readonly ready?: (signal: AbortSignal) => Promise<boolean | undefined>;
  readonly readyTimeoutMs?: number;
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs?: number;
  /** Aborts the start only; a started process ends by stop. */
  readonly signal?: AbortSignal | undefined;
}

export interface RunningProcess extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Aborted with a ProcessError when the process ends without having been asked to. */
  readonly failure: AbortSignal;
  /** SIGTERM, then SIGKILL after the grace period; resolves when it is gone. Idempotent. */
  stop(): Promise<void>;
  /** SIGKILL to the whole group; resolves when it is gone. */
  kill(): Promise<void>;
}

/** A process ended that should run. The message names the log file and shows its end. */
export class ProcessError extends Error {
  override readonly name = 'ProcessError';
  readonly tail: string;

  constructor(process: string, how: string, logFile: string, tail: string) {
    super(`${process} ${how}; log: ${logFile}${tail ? `\n${tail.replace(/^/gm, '  | ')}` : ''}`);
    this.tail = tail;
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

interface Spawned {
  readonly child: ChildProcess;
  /** Where this run's log begins. */
  readonly since: number;
  /** How it ended. */
  readonly end: Promise<string>;
}

/** Not the developer's own cluster: gardener-resource-manager would take it for what its flags name. */
function environmentOf({ env }: ProcessSpec): NodeJS.ProcessEnv {
  const { KUBECONFIG: _source, TARGET_KUBECONFIG: _target, ...inherited } = process.env;
  return { ...frugal, ...inherited, ...env };
}

/** Spawns under the guard. */
async function spawnGuarded(spec: ProcessSpec): Promise<Spawned> {
  await mkdir(dirname(spec.logFile), { recursive: true });
  const log = await open(spec.logFile, 'a', 0o600);
  try {
    const since = (await log.stat()).size;
    const child = spawn('/bin/sh', ['-c', GUARD, spec.name, spec.command, ...spec.args], {
      detached: true,
      env: environmentOf(spec),
      stdio: ['ignore', log.fd, log.fd, 'pipe'],
      ...(spec.cwd ? { cwd: spec.cwd } : {}),
    });
    // Before anything is awaited: a command that ends at once would end unnoticed.
    const end = ended(child);
    (child.stdio[3] as Duplex).on('error', () => {});
    await once(child, 'spawn');
    return { child, since, end };
  } finally {
    await log.close();
  }
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      // Closing our end lets the watcher sweep whatever the command left in its group.
      (child.stdio[3] as Duplex).destroy();
      resolve(signal ? `was killed by ${signal}` : `exited with code ${code}`);
    });
  });
}

/**
 * Starts a process in a group of its own, so that Ctrl-C reaches only this process, which then stops its children in
 * order. Resolves when `ready` says so.
 * @throws ProcessError when it exits before, and the signal's reason when that is aborted; it is gone by then.
 */
export async function startProcess(spec: ProcessSpec): Promise<RunningProcess> {
  spec.signal?.throwIfAborted();
  const { child, since, end } = await spawnGuarded(spec);
  const failure = new AbortController();
  let asked = false;
  const gone = end.then(async (how) => {
    if (asked) return;
    failure.abort(new ProcessError(spec.name, how, spec.logFile, await logTail(spec.logFile, since)));
  });

  const kill = async (): Promise<void> => {
    asked = true;
    signalGroup(child, 'SIGKILL');
    await gone;
  };
  const stop = async (): Promise<void> => {
    asked = true;
    signalGroup(child, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), spec.graceMs ?? 10_000);
    await gone;
    clearTimeout(timer);
  };

  const { ready } = spec;
  if (ready) {
    const signal = AbortSignal.any([failure.signal, ...(spec.signal ? [spec.signal] : [])]);
    try {
      await poll(ready, { what: spec.name, timeoutMs: spec.readyTimeoutMs ?? 60_000, signal });
    } catch (error) {
      if (failure.signal.aborted) throw failure.signal.reason;
      await kill();
      if (spec.signal?.aborted) throw error;
      throw new ProcessError(spec.name, String(error), spec.logFile, await logTail(spec.logFile, since));
    }
  }
  return {
    name: spec.name,
    pid: child.pid ?? 0,
    logFile: spec.logFile,
    failure: failure.signal,
    stop,
    kill,
    [Symbol.asyncDispose]: stop,
  };
}
