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

export function createFollower(progress: Progress): Follower {
  const steps = new Map<string, Step>();
  const problems = new Map<string, string>();
  const verdicts = new Map<string, Verdict>();
  const listeners = new Set<() => void>();

  const onProgress = (event: Progressed): void => {
    const { shoot, operation } = event;
    const known = steps.get(shoot);
    if (operation.state === 'Processing') {
      const step = known ?? progress.step(`${operation.type} ${shoot}`);
      steps.set(shoot, step);
      step.update(`${operation.progress} % ${operation.description}`);
      verdicts.delete(shoot);
      return;
    }
    steps.delete(shoot);
    endStep(known, event);
    const problem = event.errors[0] && withCodes(event.errors[0].description, event.errors[0].codes ?? []);
    if (operation.state === 'Succeeded') problems.delete(shoot);
    else problems.set(shoot, problem ?? operation.description);
    if (event.settled && operation.type !== 'Delete') verdicts.set(shoot, { ready: true });
    if (operation.state === 'Failed') verdicts.set(shoot, { ready: false, reason: problems.get(shoot) ?? '' });
  };

  const onShoot = (event: GardenletEvent): void => {
    if (event.type === 'progress') onProgress(event);
    if (event.type === 'report') report(progress, problems, event);
    if (event.type === 'gone') {
      steps.get(event.shoot)?.done();
      for (const known of [steps, problems, verdicts]) known.delete(event.shoot);
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

function endStep(step: Step | undefined, { operation, errors }: Progressed): void {
  if (operation.state === 'Succeeded') step?.done(`${operation.progress} %`);
  else step?.fail(errors[0]?.description ?? operation.description);
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
