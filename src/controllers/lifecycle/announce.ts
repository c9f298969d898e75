import type { ExtensionObject, OperationType } from '../../apis/extensions/extension.ts';
import type { Clock } from '../../kube/clock.ts';
import { toError } from '../../kube/errors.ts';
import type { Logger } from '../../kube/logger.ts';
import type { RequestedOperation } from './annotations.ts';
import { type LateWrite, writeLater } from './late-write.ts';
import type { Session } from './session.ts';
import { processing, type Wording } from './status.ts';

/** A run shorter than this is not worth a write of its own. */
const longMs = 1000;
const nothing: LateWrite = { settle: () => Promise.resolve() };

/**
 * Says Processing if the run takes long. Nobody needs it before: the object shows that it waits, or still bears the
 * request. A retry leaves the error of the last try in sight.
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
): LateWrite {
  if (isSaid(run.object, run.type, run.requested)) return nothing;
  const say = () => run.session.patchStatus(processing(run.object, run.type, words, clock.now()));
  return writeLater(clock, longMs, () =>
    say().catch((error) =>
      run.log.warn({ error: toError(error).message }, 'cannot say in the status that work is under way'),
    ),
  );
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
