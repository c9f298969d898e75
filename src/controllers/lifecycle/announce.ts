import type { ExtensionObject, OperationType } from '../../apis/extensions/extension.ts';
import type { Clock } from '../../kube/clock.ts';
import { toError } from '../../kube/errors.ts';
import type { Logger } from '../../kube/logger.ts';
import { type RequestedOperation, requestedAt } from './annotations.ts';
import { type LateWrite, writeLater } from './late-write.ts';
import type { Session } from './session.ts';
import { processing, type Wording } from './status.ts';

type Announcement = 'now' | 'if it takes long' | 'said already';

/** A run shorter than this is not worth a write of its own when nothing is expected to change. */
const longMs = 1000;
const nothing: LateWrite = { settle: () => Promise.resolve() };

/**
 * Says Processing before the work begins. An unchanged object that gardenlet asks to reconcile says it only if the run
 * takes long: gardenlet is kept waiting by its own timestamp, which is newer than the last success. A retry leaves the
 * error of the last try in sight.
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

export function announcement(
  object: ExtensionObject,
  type: OperationType,
  requested: RequestedOperation | undefined,
): Announcement {
  const last = object.status?.lastOperation;
  if (last?.type === type && last.state === 'Processing') return 'said already';
  if (last?.type === type && last.state === 'Error' && !requested) return 'said already';
  const asked = requestedAt(object);
  const unchanged =
    type === 'Reconcile' &&
    last?.state === 'Succeeded' &&
    object.status?.observedGeneration === object.metadata.generation &&
    asked !== undefined &&
    asked > Date.parse(last.lastUpdateTime);
  return unchanged ? 'if it takes long' : 'now';
}
