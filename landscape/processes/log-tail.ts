import { open } from 'node:fs/promises';

const TAIL_BYTES = 6_000;
const TAIL_LINES = 20;

/** The last lines of a log, from byte `since` on (where the current run began). Empty when it cannot be read. */
export async function logTail(file: string, since = 0): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const from = Math.max(since, size - TAIL_BYTES);
    const length = Math.max(0, size - from);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
    return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  } finally {
    await handle.close();
  }
}
