import { execFile } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The Go module that pins the parts. */
export const pinsDir = fileURLToPath(new URL('../../hack/controlplane', import.meta.url));

/** The Go module that pins promtool. */
export const promtoolDir = fileURLToPath(new URL('../../hack/promtool', import.meta.url));

export interface GoOptions {
  /** Directory of the Go module to work in; that of the parts otherwise. */
  readonly module?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For tests; the process environment otherwise. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Each line of the error output as it comes: what go downloads, and with -v the packages that it compiles. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** Runs the go command in a module of pins. The end of its error output becomes the message of an error. */
export async function go(args: readonly string[], options: GoOptions = {}) {
  const { module = pinsDir, signal, env = process.env, onLine } = options;
  try {
    const running = run('go', args, {
      cwd: module,
      // Modules come as go.mod says, whatever the user's flags and workspace say.
      env: { ...env, GOFLAGS: '-mod=readonly', GOWORK: 'off' },
      maxBuffer: 64 * 1024 * 1024,
      ...(signal ? { signal } : {}),
    });
    if (onLine && running.child.stderr) createInterface({ input: running.child.stderr }).on('line', onLine);
    return (await running).stdout.trim();
  } catch (error) {
    signal?.throwIfAborted();
    throw explain(error, args);
  }
}

function explain(error: unknown, args: readonly string[]): Error {
  const { code, stderr = '', message } = error as NodeJS.ErrnoException & { stderr?: string };
  if (code === 'ENOENT') {
    return new Error('the Go toolchain is needed to build the API servers: install Go from https://go.dev/dl/');
  }
  const detail = stderr.trim().split('\n').slice(-20).join('\n') || message;
  return new Error(`go ${args[0]} ${args.at(-1)}: ${detail}`);
}

const numbers = (version: string): number[] => version.replace(/^go/, '').split('.').map(Number);

/** Compares `go1.26.8` with the `go 1.26.0` line of go.mod. */
export function isOlder(version: string, wanted: string): boolean {
  const have = numbers(version);
  for (const [index, want] of numbers(wanted).entries()) {
    const own = have[index] ?? 0;
    if (own !== want) return own < want;
  }
  return false;
}

/**
 * The version of the installed Go.
 * @throws when there is none, or an older one than go.mod asks for that cannot fetch a newer one by itself
 */
export async function goVersion(goMod: string, options: GoOptions = {}): Promise<string> {
  const wanted = /^go (\S+)/m.exec(goMod)?.[1] ?? '';
  const version = await go(['env', 'GOVERSION'], options);
  if (isOlder(version, wanted)) {
    throw new Error(`Go ${wanted} or newer is needed, this is ${version}: install it from https://go.dev/dl/`);
  }
  return version;
}

/** The directory of a pinned module in Go's module cache; it is downloaded when it is not there yet. */
export async function moduleDir(module: string, options: GoOptions = {}): Promise<string> {
  const list = ['list', '-m', '-f', '{{.Dir}}', module];
  const dir = await go(list, options);
  if (dir) return dir;
  await go(['mod', 'download', module], options);
  return await go(list, options);
}
