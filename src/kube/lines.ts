const newline = 0x0a;

/**
 * Cuts a stream of bytes into lines, wherever the chunks end: a line is decoded when it is whole, so that a character
 * of several bytes is never torn. What follows the last newline waits for the next chunk.
 */
export interface LineSplitter {
  push(chunk: Uint8Array): string[];
}

/** Throws RangeError at `push` when a line grows beyond `maxBytes`. */
export function createLineSplitter(maxBytes: number = 64 * 1024 * 1024): LineSplitter {
  let parts: Uint8Array[] = [];
  let size = 0;

  const keep = (part: Uint8Array) => {
    if (part.length === 0) return;
    size += part.length;
    if (size > maxBytes) throw new RangeError(`a line of more than ${maxBytes} bytes`);
    parts.push(part);
  };
  const finish = (): string => {
    const line = (parts.length === 1 && parts[0] ? viewOf(parts[0]) : Buffer.concat(parts)).toString('utf8');
    parts = [];
    size = 0;
    return line;
  };
  return {
    push(chunk) {
      const lines: string[] = [];
      let start = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
        keep(chunk.subarray(start, end));
        start = end + 1;
        if (size > 0) lines.push(finish());
      }
      keep(chunk.subarray(start));
      return lines;
    },
  };
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
