import type { IncomingMessage } from 'node:http';

/** So much of a body that is too long is still read, and thrown away, for the sender to hear why. */
const patience = 4;

/** The client went away before it had sent everything. */
export class BodyAbortedError extends Error {
  override readonly name = 'BodyAbortedError';
}

/**
 * Reads a body whole; undefined when it is longer than `maxBytes`. Rejects with BodyAbortedError when the client goes
 * away.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (settle: () => void) => {
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      settle();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (size > patience * maxBytes) finish(() => resolve(undefined));
    };
    const onEnd = () => finish(() => resolve(size > maxBytes ? undefined : joined(chunks, size)));
    const onGone = () => finish(() => reject(new BodyAbortedError('the client went away')));
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}

function joined(chunks: readonly Buffer[], size: number): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first ? first : Buffer.concat(chunks, size);
}
