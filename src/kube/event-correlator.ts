import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { CoreEvent } from './event-resource.ts';
import type { EventType } from './events.ts';
import { Lru } from './lru.ts';
import type { KubeObject } from './object.ts';
import { timestamp } from './timestamp.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

/** How long equal events are counted up instead of made anew; the API server keeps an event for an hour. */
const sameForMs = 10 * 60_000;
/** So many events of one object at once, then one in five minutes. */
const perObject = { burst: 25, perSecond: 1 / 300 };
const remembered = 4096;
const maxMessageBytes = 1024;
const maxReasonBytes = 128;

export interface EventCorrelator {
  /** The event to write, with its count so far; undefined when the object has said too much. */
  correlate(object: KubeObject, type: EventType, reason: string, message: string): CoreEvent | undefined;
}

/** Decides which event is the same as an earlier one, and which is one too many. Remembers a bounded number of both. */
export function createEventCorrelator(clock: Clock, source: CoreEvent['source']): EventCorrelator {
  const known = new Lru<{ event: CoreEvent; at: number }>(remembered);
  const buckets = new Lru<TokenBucket>(remembered);

  return {
    correlate(object, type, reason, text) {
      const message = cutToBytes(text, maxMessageBytes);
      const subject = [
        object.apiVersion,
        object.kind,
        object.metadata.namespace,
        object.metadata.name,
        object.metadata.uid,
      ];
      const bucketKey = subject.join('\0');
      const bucket = buckets.get(bucketKey) ?? buckets.set(bucketKey, createTokenBucket(clock, perObject));
      if (!bucket.take()) return undefined;
      const key = createHash('sha256')
        .update([...subject, type, reason, message].join('\0'))
        .digest('base64');
      const earlier = known.get(key);
      const now = clock.monotonic();
      const event =
        earlier && now - earlier.at < sameForMs
          ? { ...earlier.event, count: earlier.event.count + 1, lastTimestamp: timestamp(clock.now()) }
          : newEvent(
              object,
              { type, reason: cutToBytes(reason, maxReasonBytes), message },
              source,
              timestamp(clock.now()),
            );
      known.set(key, { event, at: now });
      return event;
    },
  };
}

function newEvent(
  { apiVersion, kind, metadata }: KubeObject,
  what: Pick<CoreEvent, 'type' | 'reason' | 'message'>,
  source: CoreEvent['source'],
  at: string,
): CoreEvent {
  const { namespace, name, uid, resourceVersion } = metadata;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace: namespace ?? 'default', name: `${eventNamePrefix(name)}.${randomUUID()}` },
    involvedObject: {
      name,
      ...(apiVersion && { apiVersion }),
      ...(kind && { kind }),
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
    },
    ...what,
    count: 1,
    firstTimestamp: at,
    lastTimestamp: at,
    source,
    reportingComponent: source.component,
    reportingInstance: source.host,
  };
}

/** An event's name is a DNS subdomain of at most 253 characters; not every object's name is one (RBAC allows `a:b`). */
function eventNamePrefix(name: string): string {
  const safe = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .slice(0, 200);
  const labels = safe.split('.').map((label) => label.replaceAll(/^-+|-+$/g, ''));
  return labels.filter(Boolean).join('.') || 'x';
}

/** Whole characters only; the cut is marked. */
export function cutToBytes(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text;
  const mark = '…';
  const room = Buffer.from(text).subarray(0, max - Buffer.byteLength(mark));
  return new TextDecoder().decode(room, { stream: true }) + mark;
}
