import type { ExtensionObject, OperationType } from '../../apis/extensions/extension.ts';
import type { Clock } from '../../kube/clock.ts';
import { toError } from '../../kube/errors.ts';
import type { Logger } from '../../kube/logger.ts';
import type { RequestedOperation } from './annotations.ts';
import { type LateWrite, writeLater } from './late-write.ts';
import type { Session } from './session.ts';
import { processing, type Wording } from './status.ts';
import { needsWork } from './work.ts';

type Announcement = 'now' | 'if it takes long' | 'said already';

/** A run shorter than this is not worth a write of its own. */
const longMs = 1000;
const nothing: LateWrite = { settle: () => Promise.resolve() };

/**
 * Says Processing: at once where the object looks finished although its request has just been taken, because gardenlet
 * could take the last success for the answer, and a restart would find nothing to do. An object that shows by itself that
 * it waits says it only if the run takes long. A retry leaves the error of the last try in sight.
 */
export async function announce<T extends ExtensionObject>(
  run: {
    readonly object: T;
    readonly type: OperationType;
    readonly requested: RequestedOperation | undefined;
    readonly session: Session<T>;
    readonly log: Logger;
  },
  words: Wording,
  clock: Clock,
): Promise<LateWrite> {
  const say = () => run.session.patchStatus(processing(run.object, run.type, words, clock.now()));
  switch (announcement(run.object, run.type, run.requested)) {
    case 'now':
      await say();
      return nothing;
    case 'if it takes long':
      return writeLater(clock, longMs, () =>
        say().catch((error) =>
          run.log.warn({ error: toError(error).message }, 'cannot say in the status that work is under way'),
        ),
      );
    case 'said already':
      return nothing;
  }
}

/** `object` is as the start of the run has left it: a request to reconcile has been taken off. */
export function announcement(
  object: ExtensionObject,
  type: OperationType,
  requested: RequestedOperation | undefined,
): Announcement {
  const last = object.status?.lastOperation;
  if (last?.type === type && last.state === 'Processing') return 'said already';
  if (last?.type === type && last.state === 'Error' && !requested) return 'said already';
  return needsWork(object) ? 'if it takes long' : 'now';
}
