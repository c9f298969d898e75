import type { WatchEvent, WatchOptions } from './client.ts';
import type { Clock } from './clock.ts';
import { startDeadline } from './deadline.ts';
import { ApiError, type Status } from './errors.ts';
import { createLineSplitter } from './lines.ts';
import type { KubeObject } from './object.ts';
import { collectionPath, describeCall, withQuery } from './paths.ts';
import type { Resource } from './resource.ts';
import type { Transport } from './transport.ts';
import { TransportError, toTransportError } from './transport-error.ts';

/** For the headers: the server sends them as soon as it accepts the watch. */
const answerWithinMs = 30_000;
/**
 * Above the minute in which the API server sends bookmarks. It has none to send while no version is newer than what
 * the watch began with, so this also ends healthy watches of a quiet resource; to begin again costs one call.
 */
const defaultIdleMs = 150_000;
/** The server may be so much later than the end that it was asked for. */
const lateMs = 15_000;

/** See KubeClient.watch. Leaving the loop, or aborting the signal, cuts the socket at once. */
export async function* watchResource<T extends KubeObject>(
  transport: Transport,
  clock: Clock,
  resource: Resource<T>,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const { namespace, labelSelector, fieldSelector, resourceVersion, timeoutSeconds } = options;
  const call = describeCall('watch', resource, { namespace });
  const path = withQuery(collectionPath(resource, namespace), {
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion,
    labelSelector,
    fieldSelector,
    timeoutSeconds,
  });
  const silence = () => new TransportError(call, 'IDLE', 'the connection is taken for dead: nothing came for too long');
  const deadline = startDeadline(clock, answerWithinMs, silence, options.signal);
  try {
    const body = await transport.stream({ call, method: 'GET', path, idempotent: true }, deadline.signal);
    const endsAt = timeoutSeconds ? clock.monotonic() + timeoutSeconds * 1000 + lateMs : Number.POSITIVE_INFINITY;
    const renew = () => deadline.renew(Math.min(options.idleTimeoutMs ?? defaultIdleMs, endsAt - clock.monotonic()));
    const splitter = createLineSplitter();
    renew();
    for await (const chunk of body) {
      renew();
      for (const line of splitter.push(chunk)) yield readEvent<T>(call, line);
    }
    deadline.signal.throwIfAborted();
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw deadline.signal.aborted ? deadline.signal.reason : toTransportError(call, error);
  } finally {
    deadline.end();
  }
}

function readEvent<T extends KubeObject>(call: string, line: string): WatchEvent<T> {
  let event: { readonly type?: unknown; readonly object?: unknown } | null;
  try {
    event = JSON.parse(line);
  } catch {
    // The parser's message quotes the line.
    throw new TransportError(call, 'NOT_JSON', 'an event is not JSON');
  }
  const object = event?.object;
  if (typeof object !== 'object' || object === null)
    throw new TransportError(call, 'NO_OBJECT', 'an event has no object');
  switch (event?.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type: event.type, object: object as T };
    case 'BOOKMARK':
      return { type: 'BOOKMARK', object: object as KubeObject };
    case 'ERROR': {
      const status = object as Status;
      throw new ApiError(status.code ?? 500, status, { call });
    }
    default:
      throw new TransportError(call, 'UNKNOWN_EVENT', `an event of the unknown type ${JSON.stringify(event?.type)}`);
  }
}
