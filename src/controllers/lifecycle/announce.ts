import type { ExtensionObject, OperationType } from '../../apis/extensions/extension.ts';
import type { Clock } from '../../kube/clock.ts';
import { toError } from '../../kube/errors.ts';
import type { Logger } from '../../kube/logger.ts';
import type { RequestedOperation } from './annotations.ts';
import type { Session } from './session.ts';
import { spacedWrites } from './spaced-writes.ts';
import { type Progress, processing, type Wording } from './status.ts';

/** A run shorter than this is not worth a write of its own. */
const longMs = 1000;
/** Between two writes of how far a run has come. */
const betweenMs = 5000;

/** What the status says while a run is under way. */
export interface Announcement {
  /** Is said when the run takes long; of several in a short time the last. */
  say(description: string, percent: number): void;
  /** Says at once what it has to say. */
  flush(): Promise<void>;
  /** Afterwards nothing of it happens any more. */
  settle(): Promise<void>;
}

/**
 * Says Processing if the run takes long. Nobody needs it before: the object shows that it waits, or still bears the
 * request. A retry leaves the error of the last try in sight until it has more to say.
 */
export function announce<T extends ExtensionObject>(
  run: {
    readonly object: T;
    readonly type: OperationType;
    readonly requested: RequestedOperation | undefined;
    readonly session: Session<T>;
    readonly log: Logger;
  },
  words: Wording,
  clock: Clock,
): Announcement {
  const { object, type, requested, session, log } = run;
  let said = object.status?.lastOperation?.state === 'Processing' ? object.status.lastOperation.description : undefined;

  const writes = spacedWrites<Progress>(clock, { firstMs: longMs, betweenMs }, async (progress) => {
    if (said !== undefined && said === progress.description) return;
    try {
      await session.patchStatus(processing(object, type, words, clock.now(), progress));
      said = progress.description;
    } catch (error) {
      log.warn({ error: toError(error).message }, 'cannot say in the status that work is under way');
    }
  });
  if (!isSaid(object, type, requested)) writes.put({});
  return {
    say: (description, percent) => writes.put({ description, percent }),
    flush: writes.flush,
    settle: writes.settle,
  };
}

/** True when the status says already what the run would say. */
export function isSaid(
  object: ExtensionObject,
  type: OperationType,
  requested: RequestedOperation | undefined,
): boolean {
  const last = object.status?.lastOperation;
  return last?.type === type && (last.state === 'Processing' || (last.state === 'Error' && !requested));
}
