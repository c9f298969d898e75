const known = new Set(['level', 'ts', 'logger', 'msg', 'stacktrace', 'namespace', 'name', 'reconcileID']);

/**
 * One line for a person out of a JSON log line: time, level, controller, message, the object, then the other values.
 * The stack trace follows only if asked for.
 */
export function textLine(json: string, withStack: boolean): string {
  const line = JSON.parse(json) as Record<string, unknown>;
  const where = [line.namespace, line.name].filter(Boolean).map(String).join('/');
  const others = Object.entries(line).filter(([key]) => !known.has(key) && !(key === 'object' && where));
  const text = [
    String(line.ts).slice(11, 23),
    String(line.level).toUpperCase().padEnd(5),
    String(line.logger ?? '').padEnd(12),
    String(line.msg ?? '').padEnd(where || others.length > 0 ? 40 : 0),
    ...(where ? [where] : []),
    ...others.map(([key, value]) => `${key}=${plain(value)}`),
  ].join(' ');
  const stack = withStack && line.stacktrace ? `\n    ${String(line.stacktrace)}` : '';
  return `${text.trimEnd()}${stack}\n`;
}

function plain(value: unknown): string {
  if (typeof value === 'string' && /^[\w.:/@+-]+$/.test(value)) return value;
  return JSON.stringify(value);
}
