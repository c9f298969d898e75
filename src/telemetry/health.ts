import { type Clock, systemClock } from '../kube/clock.ts';
import { describeError } from './error-fields.ts';
import type { Answer, Handler } from './http.ts';
import { redactText } from './redact.ts';

/** Throws, or rejects, with the reason when not well. */
export type Check = (signal: AbortSignal) => void | Promise<void>;

export interface Checks {
  /** A name that is there already is replaced. */
  add(name: string, check: Check): void;
  /** The reason by name of each check that fails. */
  failing(): Promise<ReadonlyMap<string, string>>;
  /** 200 `ok`, or 500 with the checks that fail; `?verbose` lists all. Below its path each check answers by its name. */
  readonly handler: Handler;
}

/** A check that gives no answer for so long has failed: kubelet waits no longer itself. */
const checkMs = 1000;

/** `path` is where the handler is mounted, e.g. `/readyz`. */
export function createChecks(path: string, clock: Clock = systemClock): Checks {
  const checks = new Map<string, Check>();

  const run = async (names: Iterable<string>): Promise<Map<string, string | undefined>> =>
    new Map(await Promise.all([...names].map(async (name) => [name, await failure(checks.get(name), clock)] as const)));

  return {
    add: (name, check) => void checks.set(name, check),
    async failing() {
      const results = await run(checks.keys());
      return new Map([...results].filter((result): result is [string, string] => result[1] !== undefined));
    },
    async handler(url) {
      const single = url.pathname.slice(path.length + 1);
      if (single && !checks.has(single)) return { status: 404, body: 'no such check\n' };
      return report(await run(single ? [single] : checks.keys()), url.searchParams.has('verbose'));
    },
  };
}

function report(results: ReadonlyMap<string, string | undefined>, verbose: boolean): Answer {
  const isWell = [...results.values()].every((reason) => reason === undefined);
  if (isWell && !verbose) return { status: 200, body: 'ok\n' };
  const lines = [...results]
    .filter(([, reason]) => verbose || reason !== undefined)
    .map(([name, reason]) => (reason === undefined ? `[+]${name} ok` : `[-]${name} failed: ${reason}`));
  return { status: isWell ? 200 : 500, body: `${[...lines, isWell ? 'passed' : 'failed'].join('\n')}\n` };
}

function failure(check: Check | undefined, clock: Clock): Promise<string | undefined> {
  return new Promise((resolve) => {
    const limit = new AbortController();
    const finish = (reason: string | undefined) => {
      timer.cancel();
      resolve(reason);
    };
    const timer = clock.schedule(checkMs, () => {
      limit.abort();
      resolve(`no answer within ${checkMs / 1000} s`);
    });
    Promise.resolve()
      .then(() => check?.(limit.signal))
      .then(
        () => finish(undefined),
        (error) => finish(reasonOf(error)),
      );
  });
}

/** One line: a probe's failure ends in an event. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? describeError(error) : String(error);
  return redactText(text).replaceAll(/\s+/g, ' ').slice(0, 500);
}
