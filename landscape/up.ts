import { toError } from '../src/kube/errors.ts';
import { up } from './up/run.ts';
import { readSettings } from './up/settings.ts';

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    // The second time at once: each process of the landscape has a watcher that ends it with this one.
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort(new Error(`interrupted by ${name}`));
  });
}
// The terminal or the pipe may be gone before we are.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

try {
  process.exitCode = await up(readSettings(process.env), interrupted.signal);
} catch (error) {
  process.stderr.write(`${toError(error).message}\n`);
  process.exitCode = 1;
}
