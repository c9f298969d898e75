import type { GardenletEvent } from '../gardenlet/progress.ts';
import type { Progress, Step } from '../progress.ts';

export interface Verdict {
  readonly ready: boolean;
  readonly reason?: string;
}

/** Shows what gardenlet does, and knows how each Shoot came out. */
export interface Follower {
  readonly onShoot: (event: GardenletEvent) => void;
  /** Resolves when the Shoot is ready, or Failed; rejects with the signal's reason. */
  outcome(shoot: string, signal: AbortSignal): Promise<Verdict>;
  /** The last error that is known of the Shoot. */
  lastProblem(shoot: string): string | undefined;
}

type Progressed = Extract<GardenletEvent, { type: 'progress' }>;

interface Line {
  readonly title: string;
  readonly step: Step;
}

export function createFollower(progress: Progress): Follower {
  const lines = new Map<string, Line>();
  const problems = new Map<string, string>();
  const verdicts = new Map<string, Verdict>();
  const listeners = new Set<() => void>();

  const onProcessing = (event: Progressed): void => {
    const { shoot, operation } = event;
    const title = titleOf(event);
    const known = lines.get(shoot);
    if (known?.title !== title) {
      known?.step.done();
      lines.set(shoot, { title, step: progress.step(title) });
    }
    lines.get(shoot)?.step.update(`${operation.progress} %`);
    verdicts.delete(shoot);
  };
  const onEnd = (event: Progressed): void => {
    const { shoot, operation, settled } = event;
    const step = lines.get(shoot)?.step;
    lines.delete(shoot);
    const problem = problemOf(event);
    if (problem === undefined) {
      step?.done();
      problems.delete(shoot);
      if (step && operation.type !== 'Reconcile') progress.note(`${shoot} ${operation.type} 100 %`);
    } else {
      step?.fail(problem);
      problems.set(shoot, problem);
    }
    if (settled && operation.type !== 'Delete') verdicts.set(shoot, { ready: true });
    if (operation.state === 'Failed') verdicts.set(shoot, { ready: false, reason: problem ?? '' });
  };

  const onShoot = (event: GardenletEvent): void => {
    if (event.type === 'report') report(progress, problems, event);
    else if (event.type === 'progress') (event.operation.state === 'Processing' ? onProcessing : onEnd)(event);
    else {
      lines.get(event.shoot)?.step.done();
      for (const known of [lines, problems, verdicts]) known.delete(event.shoot);
      progress.note(`${event.shoot} is gone`);
    }
    for (const listener of [...listeners]) listener();
  };

  return {
    onShoot,
    lastProblem: (shoot) => problems.get(shoot),
    outcome: (shoot, signal) =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void): void => {
          listeners.delete(look);
          signal.removeEventListener('abort', onAbort);
          settle();
        };
        const onAbort = (): void => end(() => reject(signal.reason));
        const look = (): void => {
          const verdict = verdicts.get(shoot);
          if (verdict) end(() => resolve(verdict));
        };
        if (signal.aborted) return onAbort();
        listeners.add(look);
        signal.addEventListener('abort', onAbort, { once: true });
        look();
      }),
  };
}

function problemOf({ operation, errors: [error] }: Progressed): string | undefined {
  if (operation.state === 'Succeeded') return undefined;
  return error ? withCodes(error.description, error.codes ?? []) : operation.description;
}

/** Creation and deletion have a line for each step; a reconciliation, which mostly finds everything done, has one. */
function titleOf({ shoot, operation }: Progressed): string {
  const { type, progress, description } = operation;
  return type === 'Reconcile' ? `${shoot} ${type}` : `${shoot} ${type} ${progress} %: ${description}`;
}

function report(
  progress: Progress,
  problems: Map<string, string>,
  { shoot, reason, codes }: Extract<GardenletEvent, { type: 'report' }>,
): void {
  const problem = withCodes(reason, codes);
  if (problems.get(shoot) === problem) return;
  problems.set(shoot, problem);
  progress.note(`${shoot}: ${problem}`);
}

const withCodes = (text: string, codes: readonly string[]): string =>
  codes.length > 0 ? `${text} (${codes.join(', ')})` : text;
