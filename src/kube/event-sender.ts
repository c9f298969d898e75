import type { KubeClient } from './client.ts';
import { type Clock, sleep } from './clock.ts';
import { ApiError, isAlreadyExists, isNotFound, toError } from './errors.ts';
import { type CoreEvent, coreEvents } from './event-resource.ts';
import type { Logger } from './logger.ts';

const maxWaiting = 1000;
const maxTries = 5;
const firstRetryMs = 500;
const callTimeoutMs = 5000;

export interface EventSender {
  send(event: CoreEvent): void;
  drain(timeoutMs: number): Promise<void>;
}

/**
 * Sends one event after the other. What is said again while it waits is sent once, with the higher count; when too many
 * wait, the oldest is dropped.
 */
export function createEventSender(deps: { client: KubeClient; clock: Clock; log: Logger }): EventSender {
  const { client, clock, log } = deps;
  const waiting = new Map<string, CoreEvent>();
  /** Closed by drain: no longer waits between tries. */
  const closing = new AbortController();
  const giveUp = new AbortController();
  let sending: Promise<void> | undefined;

  const write = async (event: CoreEvent): Promise<void> => {
    const options = { signal: giveUp.signal, timeoutMs: callTimeoutMs };
    const { namespace, name } = event.metadata;
    if (event.count > 1) {
      const patch = { count: event.count, lastTimestamp: event.lastTimestamp };
      const patched = await client
        .mergePatch(coreEvents, { namespace, name }, patch, options)
        .catch(unless(isNotFound));
      if (patched) return;
    }
    await client.create(coreEvents, event, options).catch(unless(isAlreadyExists));
  };

  const deliver = async (event: CoreEvent): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await write(event);
      } catch (error) {
        if (giveUp.signal.aborted || tries >= maxTries || !isWorthRetrying(error)) {
          log.warn({ error: toError(error), reason: event.reason, name: event.involvedObject.name }, 'Event not sent');
          return;
        }
        await sleep(clock, firstRetryMs * 2 ** (tries - 1), closing.signal).catch(() => undefined);
      }
    }
  };

  const sendAll = async (): Promise<void> => {
    for (let next = waiting.values().next(); !next.done; next = waiting.values().next()) {
      waiting.delete(nameOf(next.value));
      await deliver(next.value);
    }
    sending = undefined;
  };

  return {
    send(event) {
      if (closing.signal.aborted) return;
      const name = nameOf(event);
      waiting.set(name, event);
      const [oldest] = waiting.size > maxWaiting ? waiting.keys() : [];
      if (oldest !== undefined) waiting.delete(oldest);
      sending ??= sendAll();
    },
    async drain(timeoutMs) {
      closing.abort();
      const timer = clock.schedule(timeoutMs, () => {
        waiting.clear();
        giveUp.abort();
      });
      await sending;
      timer.cancel();
    },
  };
}

const nameOf = ({ metadata }: CoreEvent): string => `${metadata.namespace}/${metadata.name}`;

function unless(isFine: (error: unknown) => boolean): (error: unknown) => undefined {
  return (error) => {
    if (!isFine(error)) throw error;
  };
}

/** Trouble on the way, or with the server; not: an event that the server does not want. */
function isWorthRetrying(error: unknown): boolean {
  return !(error instanceof ApiError) || error.code === 429 || error.code >= 500;
}
