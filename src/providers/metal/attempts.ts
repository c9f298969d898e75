import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import { OperationError } from '../errors.ts';
import type { Operation } from '../provider.ts';
import { toOperationError } from './errors.ts';

/** Releases that are tried each on its own: what fails is noted, and does not stop the others. */
export interface Attempts {
  /** Undefined when it failed. */
  attempt<T>(what: string, run: () => Promise<T>): Promise<T | undefined>;
  /** Notes what is not even tried. */
  leave(what: string, why: string): void;
  /** Tells, by log and event, what is left behind, if anything is (docs/decisions/0012-force-deletion-releases.md). */
  report(): void;
}

const MAX_MESSAGE = 1000;

export function createAttempts<T extends ExtensionObject>(operation: Operation<T>): Attempts {
  const { object, cluster, event, log, signal } = operation;
  const left: string[] = [];
  const leave = (what: string, why: string) => void left.push(`${what}: ${why}`);
  return {
    async attempt(what, run) {
      try {
        return await run();
      } catch (thrown) {
        const error = toOperationError(thrown);
        if (!(error instanceof OperationError) || signal.aborted) throw error;
        leave(what, error.message);
        return undefined;
      }
    },
    leave,
    report() {
      if (left.length === 0) return;
      const clusterID = cluster.spec.shoot.metadata.uid;
      log.error({ object: object.metadata.name, clusterID, left }, 'force deletion left something behind');
      const text = `Left behind in metal-api, cluster id ${clusterID}: ${left.join('; ')}`;
      event('Warning', 'NotReleased', text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE - 3)}...` : text);
    },
  };
}
