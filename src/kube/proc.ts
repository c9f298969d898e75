import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

export interface ProcessMark {
  /** Eight hex digits that stand for this boot of this kernel and this pid namespace. */
  readonly scope: string;
  readonly pid: number;
  /** In clock ticks since boot. */
  readonly start: string;
}

/** What the kernel says of processes in our own pid namespace. */
export interface ProcReader {
  /** Undefined where it cannot be told, e.g. on another system than Linux. */
  self(): ProcessMark | undefined;
  /** True only if no process of this pid and start time runs any more. */
  isGone(pid: number, start: string): boolean;
}

/** The system calls behind it, to be replaced in tests. */
export interface ProcSource {
  readonly pid: number;
  /** Throws like readFileSync and readlinkSync. */
  readFile(path: string): string;
  readLink(path: string): string;
  /** Signal 0: throws ESRCH for no such process, EPERM for one of another user. */
  probe(pid: number): void;
}

const systemSource: ProcSource = {
  pid: process.pid,
  readFile: (path) => readFileSync(path, 'utf8'),
  readLink: (path) => readlinkSync(path),
  probe: (pid) => void process.kill(pid, 0),
};

export const systemProc: ProcReader = createProcReader(systemSource);

export function createProcReader(source: ProcSource): ProcReader {
  return {
    self() {
      try {
        const stat = readStat(source, 'self');
        // A /proc of another pid namespace than ours counts differently than kill() does.
        if (!stat || stat.pid !== source.pid) return undefined;
        return { scope: scopeOf(source), pid: stat.pid, start: stat.start };
      } catch {
        return undefined;
      }
    },
    isGone(pid, start) {
      if (hasErrorCode(() => source.probe(pid), 'ESRCH')) return true;
      try {
        const stat = readStat(source, String(pid));
        return stat !== undefined && (stat.start !== start || stat.isCorpse);
      } catch {
        // Not readable is not dead: with hidepid, /proc hides the processes of others.
        return false;
      }
    },
  };
}

function scopeOf(source: ProcSource): string {
  const bootID = source.readFile('/proc/sys/kernel/random/boot_id').trim();
  const namespaces = ['pid', 'time'].map((kind) => linkOrNothing(source, `/proc/self/ns/${kind}`));
  if (!bootID || !namespaces[0]) throw new Error('no boot id or pid namespace');
  return createHash('sha256')
    .update([bootID, ...namespaces].join('\n'))
    .digest('hex')
    .slice(0, 8);
}

/** Start times are relative to the time namespace, which kernels before 5.6 do not have. */
function linkOrNothing(source: ProcSource, path: string): string {
  try {
    return source.readLink(path);
  } catch {
    return '';
  }
}

/**
 * Fields of /proc/<pid>/stat (proc_pid_stat(5)): 1 pid, 2 name in parentheses, which may hold spaces and parentheses,
 * 3 state, 20 number of threads, 22 start time.
 */
function readStat(source: ProcSource, who: string): { pid: number; start: string; isCorpse: boolean } | undefined {
  const text = source.readFile(`/proc/${who}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, threads, start] = [fields[0], Number(fields[17]), fields[19]];
  if (!start || !/^\d+$/.test(start)) return undefined;
  // Killed, but its parent has not asked for its end yet. With more threads only the first one has ended.
  const isCorpse = (state === 'Z' || state === 'X') && threads <= 1;
  return { pid: Number.parseInt(text, 10), start, isCorpse };
}

function hasErrorCode(call: () => void, code: string): boolean {
  try {
    call();
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === code;
  }
}
