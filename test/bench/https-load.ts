import { connect, type TLSSocket } from 'node:tls';

export interface Target {
  readonly port: number;
  readonly path: string;
  readonly body: Buffer;
}

export interface Load {
  readonly seconds: number;
  /** Of each request, in milliseconds, sorted. */
  readonly latencies: readonly number[];
  /** Body of the last answer. */
  readonly answer: string;
}

/**
 * Sends the same request `count` times over so many connections that stay open, each with one request at a time. Writes to
 * the socket itself: node's HTTP client needs more CPU than the servers that are measured, and would be what is waited for.
 */
export async function applyLoad(target: Target, connections: number, count: number): Promise<Load> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(target.port)));
  const message = Buffer.concat([Buffer.from(headOf(target)), target.body]);
  const latencies: number[] = [];
  let left = count;
  let answer: Buffer = Buffer.alloc(0);
  const lane = async (socket: TLSSocket) => {
    while (left-- > 0) {
      const started = performance.now();
      answer = await exchange(socket, message);
      latencies.push(performance.now() - started);
    }
  };
  const started = performance.now();
  await Promise.all(sockets.map(lane));
  const seconds = (performance.now() - started) / 1000;
  for (const socket of sockets) socket.destroy();
  return { seconds, latencies: latencies.sort((a, b) => a - b), answer: answer.toString() };
}

function headOf({ path, body }: Target): string {
  return `POST ${path}?timeout=10s HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
}

/** Whose certificate it is does not matter here. */
function open(port: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => resolve(socket));
    socket.setNoDelay(true).once('error', reject);
  });
}

/** One request and its answer, which must be 200 and say its length. */
function exchange(socket: TLSSocket, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const finish = (settle: () => void) => {
      socket.off('data', onData).off('close', onClose);
      settle();
    };
    const onClose = () => finish(() => reject(new Error('the server closed the connection')));
    const onData = (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = received.toString('latin1', 0, end);
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
      if (!head.startsWith('HTTP/1.1 200') || Number.isNaN(length)) {
        finish(() => reject(new Error(`unexpected answer: ${received.toString()}`)));
      } else if (received.length >= end + 4 + length) {
        finish(() => resolve(received.subarray(end + 4)));
      }
    };
    socket.on('data', onData).once('close', onClose);
    socket.write(message);
  });
}
