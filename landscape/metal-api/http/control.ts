import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { HardwareEvent } from '../machine/hardware.ts';
import type { CallLog } from './call-log.ts';
import { readText, sendJson } from './exchange.ts';
import { type Knobs, knobSettingsSchema } from './knobs.ts';

export const CONTROL_PREFIX = '/_simulator/';

export interface ControlOptions {
  readonly knobs: Knobs;
  readonly calls: CallLog;
  /** What GET state answers. */
  readonly snapshot: () => unknown;
  readonly reset: () => void;
  /** Tells what runs and what changes, until the result is called. */
  readonly watchHardware: (listener: (event: HardwareEvent) => void) => () => void;
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/**
 * The simulator's own handles, no part of metal-api and without credentials, hence for loopback only:
 * GET and PUT knobs (PUT replaces all), GET calls?since=N, DELETE calls, GET state, POST reset,
 * GET hardware (a stream of HardwareEvents, one in a line).
 */
export async function handleControl(
  options: ControlOptions,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const text = await readText(request);
  if (text === 'aborted') return;
  if (!LOOPBACK.test(request.socket.remoteAddress ?? '')) return sendJson(response, 403, { message: 'loopback only' });
  if (text === 'too-large') return sendJson(response, 413, { message: 'body too large' });
  const action = `${request.method} ${url.pathname.slice(CONTROL_PREFIX.length)}`;
  const { knobs, calls } = options;
  switch (action) {
    case 'GET knobs':
      return sendJson(response, 200, knobs.settings);
    case 'PUT knobs':
      return putKnobs(knobs, text.text, response);
    case 'GET calls':
      return sendJson(response, 200, {
        last: calls.last,
        calls: calls.since(Number(url.searchParams.get('since') ?? 0)),
      });
    case 'DELETE calls':
      calls.clear();
      return sendJson(response, 200, { last: calls.last });
    case 'GET state':
      return sendJson(response, 200, options.snapshot());
    case 'GET hardware':
      return streamHardware(options, response);
    case 'POST reset':
      options.reset();
      return sendJson(response, 200, {});
    default:
      return sendJson(response, 404, { message: `no such handle: ${action}` });
  }
}

function streamHardware({ watchHardware }: ControlOptions, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const end = watchHardware((event) => void response.write(`${JSON.stringify(event)}\n`));
  response.once('close', end);
}

function putKnobs(knobs: Knobs, text: string, response: ServerResponse): void {
  let settings: unknown;
  try {
    settings = JSON.parse(text);
  } catch {
    sendJson(response, 400, { message: 'not JSON' });
    return;
  }
  const result = knobSettingsSchema.safeParse(settings);
  if (result.success) knobs.set(result.data);
  const answer = result.success ? knobs.settings : { message: z.prettifyError(result.error) };
  sendJson(response, result.success ? 200 : 400, answer);
}
