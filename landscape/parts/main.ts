import { toError } from '../../src/kube/errors.ts';
import { createProgress } from '../progress.ts';
import { ensureParts } from './ensure.ts';

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interrupted.abort(new Error('interrupted')));
}

const progress = createProgress();
try {
  const parts = await ensureParts({ progress, signal: interrupted.signal });
  for (const [name, path] of Object.entries(parts)) process.stdout.write(`${name}\t${path}\n`);
} catch (error) {
  process.stderr.write(`${toError(error).message}\n`);
  process.exitCode = 1;
} finally {
  progress.close();
}
