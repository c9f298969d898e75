/** Causes are followed so far. */
const maxCauses = 5;

/**
 * The values with each error made into text: its message and those of its causes. The stack trace of `error` (or `err`)
 * goes to a key of its own, `stacktrace`, as zap has it. Own properties of errors are dropped: they hold headers,
 * bodies and configurations.
 */
export function errorFields(values: object): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    fields[key === 'err' ? 'error' : key] = value instanceof Error ? describeError(value) : value;
    if (value instanceof Error && (key === 'error' || key === 'err')) fields.stacktrace = frames(value);
  }
  return fields;
}

/** `message: message of the cause: ...`, without a message that repeats what the one before it ends with. */
export function describeError(error: Error): string {
  let text = messageOf(error);
  let cause: unknown = error.cause;
  for (let depth = 0; depth < maxCauses && cause instanceof Error; depth += 1) {
    const message = messageOf(cause);
    if (!text.includes(message)) text += `: ${message}`;
    cause = cause.cause;
  }
  return text;
}

/** An AggregateError, which undici throws for a host with several addresses, often has no message of its own. */
function messageOf(error: Error): string {
  if (error.message) return error.message;
  const parts =
    error instanceof AggregateError ? error.errors.map((part) => (part instanceof Error ? part.message : '')) : [];
  return parts.filter(Boolean).join('; ') || error.name;
}

/** The frames only: the head of a stack repeats the message. */
function frames(error: Error): string {
  const stack = error.stack ?? '';
  const first = stack.search(/^\s+at /m);
  return first < 0 ? '' : stack.slice(first).trim();
}
