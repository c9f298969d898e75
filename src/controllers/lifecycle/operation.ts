import type { Cluster } from '../../apis/extensions/cluster.ts';
import type { ExtensionObject, OperationType } from '../../apis/extensions/extension.ts';
import type { EventRecorder } from '../../kube/events.ts';
import type { Logger } from '../../kube/logger.ts';
import type { NamespaceWatch } from '../../kube/namespace-watch.ts';
import { keyOf } from '../../kube/object.ts';
import type { Pause } from '../../kube/seat.ts';
import type { ReadYourWrites } from '../../kube/written.ts';
import type { Operation } from '../../providers/provider.ts';
import { answer, type RequestedOperation, requestedOperation } from './annotations.ts';
import type { Announcement } from './announce.ts';
import type { Session } from './session.ts';
import { changed, type RawStatusPatch } from './status.ts';
import { isSuperseded, Superseded } from './superseded.ts';

/** One run for one object: its type of operation is settled, its Cluster read. */
export interface Run<T extends ExtensionObject> {
  readonly type: OperationType;
  readonly requested: RequestedOperation | undefined;
  /** State at the start of the operation: its generation is the one observed, its request the one answered. */
  readonly object: T;
  readonly cluster: Cluster;
  readonly session: Session<T>;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly pause: Pause;
}

/** What operations of a kind have in common. */
export interface Surroundings<T extends ExtensionObject> {
  readonly objects: ReadYourWrites<T>;
  readonly recorder: EventRecorder;
  /** Of the objects of this kind: ends the pause of a run that is superseded. */
  readonly changes: NamespaceWatch;
}

/** What an actuator is given of a run. */
export function operationFor<T extends ExtensionObject>(
  run: Run<T>,
  announcement: Announcement,
  surroundings: Surroundings<T>,
): Operation<T> {
  const { object, cluster, log, signal, session } = run;
  return {
    object,
    cluster,
    log,
    signal,
    checkpoint: (status) => session.patchStatus(changed(session.current(), status as RawStatusPatch)),
    event: (type, reason, message) => surroundings.recorder.event(object, type, reason, message),
    progress: announcement.say,
    async pause(wait) {
      await takeRequest(run, announcement);
      return run.pause(() => unlessSuperseded(run, surroundings, wait));
    },
  };
}

/** gardenlet shows nothing but a request that still stands: before a long wait the status takes its place. */
async function takeRequest<T extends ExtensionObject>(
  { object, requested, session }: Run<T>,
  announcement: Announcement,
): Promise<void> {
  if (requested !== 'reconcile' || requestedOperation(session.current()) === undefined) return;
  await announcement.flush();
  if (session.current().status?.lastOperation?.state === 'Processing') {
    await session.finish((current) => answer(object, current));
  }
}

async function unlessSuperseded<T extends ExtensionObject, R>(
  { object, signal }: Run<T>,
  { objects, changes }: Surroundings<T>,
  wait: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const newer = new AbortController();
  const check = () => {
    if (isSuperseded(object, objects.newest(keyOf(object.metadata)))) newer.abort(new Superseded());
  };
  const end = changes.onChange(object.metadata.namespace ?? '', check);
  try {
    check();
    return await wait(AbortSignal.any([signal, newer.signal]));
  } finally {
    end();
  }
}
