import type { KubeClient } from './client.ts';
import type { Clock } from './clock.ts';
import { createEventCorrelator } from './event-correlator.ts';
import { createEventSender } from './event-sender.ts';
import type { Logger } from './logger.ts';
import type { KubeObject } from './object.ts';

export type EventType = 'Normal' | 'Warning';

export interface EventRecorder {
  /**
   * Tells the object's reader something. Returns at once and never throws; the event is sent later, counted up if the
   * same was said before, and dropped when the object is too chatty or the API server does not take it.
   * `message` is cut to 1024 bytes. Never put a secret into it.
   */
  event(object: KubeObject, type: EventType, reason: string, message: string): void;
  /** Sends what waits, for at most `timeoutMs` (2 s when absent), and takes nothing more. Never rejects. */
  drain(timeoutMs?: number): Promise<void>;
}

export interface EventRecorderOptions {
  readonly client: KubeClient;
  /** Who reports, e.g. `infrastructure-controller`; `From` in `kubectl describe`. */
  readonly component: string;
  /** Which of its instances, e.g. the name of the pod. */
  readonly instance: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Records events in core/v1, not in events.k8s.io/v1: it is the same storage, `kubectl describe` shows both alike, but
 * Gardener's log shippers read the core fields and the roles that operators have already granted name the core group.
 */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const correlator = createEventCorrelator(options.clock, { component: options.component, host: options.instance });
  const sender = createEventSender(options);
  return {
    event(object, type, reason, message) {
      try {
        const occurrence = correlator.correlate(object, type, reason, message);
        if (occurrence) sender.send(occurrence);
        else options.log.debug({ reason, name: object.metadata.name }, 'Event dropped: too many for this object');
      } catch (error) {
        options.log.warn({ error, reason }, 'Event could not be recorded');
      }
    },
    drain: (timeoutMs = 2000) => sender.drain(timeoutMs),
  };
}
