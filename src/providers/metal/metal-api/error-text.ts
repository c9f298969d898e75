const maxLength = 500;

/**
 * What an answer that is not 2xx says, on one line: the message of `{statuscode, message}`, which metal-api's error type
 * marshals into a JSON string that holds the object; a bare JSON string (refused tenants); or a proxy's text.
 */
export function errorText(text: string): string {
  const body = parse(text);
  const inner = typeof body === 'string' ? parse(body) : undefined;
  const message = messageOf(inner) ?? messageOf(body) ?? (typeof body === 'string' ? body : text);
  return message.replace(/\s+/g, ' ').trim().slice(0, maxLength);
}

function messageOf(body: unknown): string | undefined {
  const isAnswer = typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string';
  return isAnswer ? (body.message as string) : undefined;
}

/** Undefined for what is not JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
