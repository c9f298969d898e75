import type { Logger } from './logger.ts';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly values: Record<string, unknown>;
}

/** For tests: keeps the lines, bindings included. */
export function createFakeLog(lines: LogLine[] = [], bindings: object = {}): Logger & { readonly lines: LogLine[] } {
  const keep = (level: LogLine['level']) => (values: object, message: string) =>
    void lines.push({ level, message, values: { ...bindings, ...values } });
  return {
    lines,
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
    child: (more) => createFakeLog(lines, { ...bindings, ...more }),
  };
}
