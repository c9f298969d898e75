import { type DestinationStream, destination, type Logger as Pino, pino } from 'pino';
import type { Logger } from '../kube/logger.ts';
import { errorFields } from './error-fields.ts';
import { redact } from './redact.ts';
import { textLine } from './text-line.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];
export const logFormats = ['json', 'text'] as const;
export type LogFormat = (typeof logFormats)[number];

export interface LogOptions {
  /** The key `logger` of every line. */
  readonly name: string;
  readonly level: LogLevel;
  /** `json` has the keys that Gardener's `extensions-parser` reads; `text` is for a person. */
  readonly format: LogFormat;
  /** Where lines go; stderr when absent, as with every Gardener controller. */
  readonly destination?: DestinationStream | undefined;
}

/**
 * A logger that writes synchronously, so that the last line before a crash is there too. Errors are written as message
 * and stack trace only, never with what hangs on them (headers, bodies), and values under names that tell of a secret
 * are left out.
 */
export function createLogger(options: LogOptions): Logger {
  const { level, format } = options;
  const out = options.destination ?? destination({ dest: 2, sync: true });
  const root = pino(
    {
      level,
      base: null,
      messageKey: 'msg',
      timestamp: () => `,"ts":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: loggable },
    },
    format === 'json' ? out : { write: (line: string) => void out.write(textLine(line, level === 'debug')) },
  );
  return bound(root, { logger: options.name });
}

function loggable(values: object): Record<string, unknown> {
  return redact(errorFields(values)) as Record<string, unknown>;
}

/**
 * Unlike pino's own child, a key that is bound again replaces the earlier one instead of standing twice in the line, and
 * what is bound goes through the same formatter as what is logged.
 */
function bound(root: Pino, bindings: Record<string, unknown>): Logger {
  const log = root.child(bindings);
  return {
    debug: (values, message) => log.debug(values, message),
    info: (values, message) => log.info(values, message),
    warn: (values, message) => log.warn(values, message),
    error: (values, message) => log.error(values, message),
    child: (more) => bound(root, { ...bindings, ...loggable(more) }),
  };
}
