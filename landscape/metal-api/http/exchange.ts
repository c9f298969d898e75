import type { IncomingMessage, ServerResponse } from 'node:http';

/** Larger bodies are answered with 413: metal-api's largest, an allocation with user data, is far below. */
export const BODY_LIMIT = 4 * 2 ** 20;

export type BodyResult = { readonly text: string } | 'too-large' | 'aborted';

export async function readText(request: IncomingMessage): Promise<BodyResult> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > BODY_LIMIT) return 'too-large';
      chunks.push(chunk);
    }
  } catch {
    return 'aborted';
  }
  return { text: Buffer.concat(chunks).toString('utf8') };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
