import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The Go module that pins the parts. */
export const pinsDir = fileURLToPath(new URL('../../hack/controlplane', import.meta.url));

/** Runs the go command in the module of the pins. Its error output becomes the message. */
export async function go(args: readonly string[], signal?: AbortSignal): Promise<string> {
  try {
    const { stdout } = await run('go', args, {
      cwd: pinsDir,
      // Modules come as go.mod says, whatever the user's flags and workspace say.
      env: { ...process.env, GOFLAGS: '-mod=readonly', GOWORK: 'off' },
      maxBuffer: 64 * 1024 * 1024,
      ...(signal ? { signal } : {}),
    });
    return stdout.trim();
  } catch (error) {
    signal?.throwIfAborted();
    throw explain(error, args);
  }
}

function explain(error: unknown, args: readonly string[]): Error {
  const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
  if (code === 'ENOENT') {
    return new Error('the Go toolchain is needed to build the API servers: install Go from https://go.dev/dl/');
  }
  const detail = stderr?.trim() || message;
  return new Error(`go ${args.slice(0, 2).join(' ')}: ${detail}`);
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
 * @throws when there is none, or one older than go.mod asks for that cannot fetch a newer toolchain by itself
 */
export async function goVersion(goMod: string, signal?: AbortSignal): Promise<string> {
  const wanted = /^go (\S+)/m.exec(goMod)?.[1] ?? '';
  const version = await go(['env', 'GOVERSION'], signal);
  if (isOlder(version, wanted)) {
    throw new Error(`Go ${wanted} or newer is needed, this is ${version}: install it from https://go.dev/dl/`);
  }
  return version;
}

/** The directory of a pinned module in Go's module cache; it is downloaded when it is not there yet. */
export async function moduleDir(module: string, signal?: AbortSignal): Promise<string> {
  const dir = await go(['list', '-m', '-f', '{{.Dir}}', module], signal);
  if (dir) return dir;
  await go(['mod', 'download', module], signal);
  return go(['list', '-m', '-f', '{{.Dir}}', module], signal);
}
