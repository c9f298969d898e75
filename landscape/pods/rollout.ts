import type { PodTemplate } from './pod-spec.ts';

/** What runs from one template of a Deployment. */
export interface Generation<Pod extends { readonly isReady: boolean }> {
  /** Of the template. */
  readonly hash: string;
  readonly template: PodTemplate;
  readonly pod: Pod;
}

interface Stoppable {
  readonly isReady: boolean;
  stop(): Promise<void>;
}

/** How a Deployment comes from one template to the next. */
export interface Rollout<Pod extends Stoppable> {
  /** Of the template that is wanted. */
  readonly wanted: Generation<Pod> | undefined;
  /** What Services lead to: the generation before, as long as only that is ready. */
  readonly serving: Generation<Pod> | undefined;
  /** All that run and are not told to end. */
  readonly hashes: readonly string[];
  /**
   * Makes this the wanted one and starts it when it does not run; undefined: none. What ran before goes on when both may
   * run `sideBySide`, until `retire`; otherwise it has ended when this resolves. A pod of the same template that is still
   * ending is waited for: it has the same name and the same directory.
   */
  want(next: Omit<Generation<Pod>, 'pod'> | undefined, sideBySide: boolean): Promise<void>;
  /** Ends the generation before, once the wanted one is ready; to be called when Services have heard of that. */
  retire(): void;
  /** Ends all; resolves when they have ended. */
  stop(): Promise<void>;
}

export function createRollout<Pod extends Stoppable>(start: (next: Omit<Generation<Pod>, 'pod'>) => Pod): Rollout<Pod> {
  let wanted: Generation<Pod> | undefined;
  let before: Generation<Pod> | undefined;
  /** By hash. */
  const leaving = new Map<string, Promise<void>>();
  const end = (generation: Generation<Pod> | undefined): void => {
    if (!generation) return;
    const { hash, pod } = generation;
    leaving.set(
      hash,
      pod.stop().finally(() => leaving.delete(hash)),
    );
  };
  const stop = async (): Promise<void> => {
    for (const generation of [wanted, before]) end(generation);
    wanted = before = undefined;
    await Promise.all(leaving.values());
  };
  return {
    get wanted() {
      return wanted;
    },
    get serving() {
      return !wanted?.pod.isReady && before?.pod.isReady ? before : wanted;
    },
    get hashes() {
      return [wanted, before].flatMap((generation) => (generation ? [generation.hash] : []));
    },
    async want(next, sideBySide) {
      if (next?.hash === wanted?.hash) return;
      if (!next || !sideBySide) await stop();
      if (!next) return;
      // Back to what still runs.
      const again = before?.hash === next.hash ? before : undefined;
      if (again) before = undefined;
      if (wanted?.pod.isReady) {
        end(before);
        before = wanted;
      } else end(wanted);
      wanted = again;
      await leaving.get(next.hash);
      wanted ??= { ...next, pod: start(next) };
    },
    retire() {
      if (!wanted?.pod.isReady) return;
      end(before);
      before = undefined;
    },
    stop,
  };
}
