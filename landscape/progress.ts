import { type Clock, systemClock } from '../src/kube/clock.ts';

/** One thing that takes a while. Exactly one of done and fail ends it; calls after that are ignored. */
export interface Step {
  update(detail: string): void;
  done(detail?: string): void;
  fail(reason: string): void;
}

export interface Progress {
  step(title: string): Step;
  /** One line that stays. */
  note(text: string): void;
  /** Ends live drawing; what still runs is left as it was last drawn. */
  close(): void;
}

/** Where progress is written: process.stderr, or a fake in tests. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

interface Line {
  readonly title: string;
  readonly since: number;
  detail: string;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)}s`;
const text = (title: string, detail: string): string => (detail ? `${title}: ${detail}` : title);

function ends(finish: (mark: string, detail: string) => void): Pick<Step, 'done' | 'fail'> {
  let over = false;
  const end = (mark: string, detail: string): void => {
    if (over) return;
    over = true;
    finish(mark, detail);
  };
  return { done: (detail = '') => end('ok', detail), fail: (reason) => end('failed', reason) };
}

/** Lines with the seconds since the start; an update is written at most every `quietMs`, so that logs stay short. */
export function plainProgress(stream: ProgressStream, clock: Clock = systemClock, quietMs = 5_000): Progress {
  const start = clock.monotonic();
  const print = (line: string): void => {
    stream.write(`${seconds(clock.monotonic() - start).padStart(7)}  ${line}\n`);
  };
  return {
    note: print,
    close: () => {},
    step(title) {
      const since = clock.monotonic();
      let last = since;
      print(`${title} ...`);
      return {
        update(detail) {
          if (clock.monotonic() - last < quietMs) return;
          last = clock.monotonic();
          print(`${title} ... ${detail}`);
        },
        ...ends((mark, detail) => print(`${text(title, detail)} ${mark} (${seconds(clock.monotonic() - since)})`)),
      };
    },
  };
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Draws what runs at the bottom of the terminal, again and again; what ended moves up and stays. */
export function liveProgress(stream: ProgressStream, clock: Clock = systemClock): Progress {
  const running = new Set<Line>();
  let drawn = 0;
  let frame = 0;
  let closed = false;
  let scheduled = false;

  const clip = (line: string): string => line.slice(0, Math.max(20, (stream.columns ?? 100) - 1));
  const draw = (above = ''): void => {
    const mark = frames[frame % frames.length];
    const lines = [...running].map(
      (line) => `${clip(`${mark} ${text(line.title, line.detail)} ${seconds(clock.monotonic() - line.since)}`)}\n`,
    );
    const erase = drawn > 0 ? `\u001b[${drawn}A\u001b[J` : '';
    drawn = lines.length;
    stream.write(`${erase}${above}${lines.join('')}`);
  };
  const tick = (): void => {
    scheduled = false;
    if (closed || running.size === 0) return;
    frame += 1;
    draw();
    schedule();
  };
  const schedule = (): void => {
    if (scheduled || closed) return;
    scheduled = true;
    clock.schedule(100, tick);
  };

  return {
    note: (line) => draw(`${line}\n`),
    close() {
      closed = true;
    },
    step(title) {
      const line: Line = { title, since: clock.monotonic(), detail: '' };
      running.add(line);
      draw();
      schedule();
      return {
        update(detail) {
          line.detail = detail;
        },
        ...ends((mark, detail) => {
          running.delete(line);
          const took = seconds(clock.monotonic() - line.since);
          draw(`${mark === 'ok' ? '✔' : '✖'} ${text(title, detail)} (${took})\n`);
        }),
      };
    },
  };
}

/** Live lines on a terminal, plain lines elsewhere (also with NO_COLOR-less dumb terminals and CI). */
export function createProgress(stream: ProgressStream = process.stderr, clock: Clock = systemClock): Progress {
  const live = stream.isTTY === true && process.env.TERM !== 'dumb' && !process.env.CI;
  return live ? liveProgress(stream, clock) : plainProgress(stream, clock);
}

export const silentProgress: Progress = Object.freeze({
  step: () => ({ update: () => {}, done: () => {}, fail: () => {} }),
  note: () => {},
  close: () => {},
});

/** Runs `work` as one step: done when it resolves, failed with its message when it throws. */
export async function inStep<T>(progress: Progress, title: string, work: (step: Step) => Promise<T>): Promise<T> {
  const step = progress.step(title);
  try {
    const result = await work(step);
    step.done();
    return result;
  } catch (error) {
    step.fail(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
    throw error;
  }
}
