import { toError } from '../../src/kube/errors.ts';
import { createProgress } from '../progress.ts';
import { ensureParts, ensurePromtool } from './ensure.ts';

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interrupted.abort(new Error('interrupted')));
}

const progress = createProgress();
try {
  const options = { progress, signal: interrupted.signal };
  const programs = { ...(await ensureParts(options)), promtool: await ensurePromtool(options) };
  for (const [name, path] of Object.entries(programs)) process.stdout.write(`${name}\t${path}\n`);
} catch (error) {
  process.stderr.write(`${toError(error).message}\n`);
  process.exitCode = 1;
} finally {
  progress.close();
}
