import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Run extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown[]>;
  /** Resolves with the first line of stdout, rejects with stderr when the process ends before. */
  readonly line: Promise<string>;
}

function start(...args: string[]): Run {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args]);
  const exited = once(child, 'close');
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  const line = new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk)));
    void exited.then(() => reject(new Error(errors)));
  });
  const dispose = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return { child, exited, line, [Symbol.asyncDispose]: dispose };
}

test('prints its URL when it listens, serves the seed data, and exits 0 on SIGTERM with connections open', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'metal-api-'));
  try {
    const file = join(directory, 'seed.json');
    await writeFile(file, JSON.stringify({ projects: [{ id: 'p', name: 'only', tenant_id: 't' }] }));
    await using run = start('--seed-data', file);
    const { child, exited, line } = run;
    const { url, port } = JSON.parse(await line);
    expect(url).toBe(`http://127.0.0.1:${port}/metal`);
    const response = await fetch(`${url}/v1/project`, { headers: { authorization: 'Bearer view-token' } });
    expect(await response.json()).toMatchObject([{ name: 'only', meta: { id: 'p' } }]);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('says what is wrong and exits 1', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'metal-api-'));
  try {
    const file = join(directory, 'seed.json');
    await writeFile(file, JSON.stringify({ networks: [{ id: 'n', prefixes: ['x'] }] }));
    const wrong = start('--seed-data', file);
    await expect(wrong.line).rejects.toThrow('given cidr x is not a valid ip with mask');
    expect(await wrong.exited).toEqual([1, null]);
    await expect(start('--port', 'many').line).rejects.toThrow('--port needs a number, not "many"');
    await expect(start('--seed-data', join(directory, 'none')).line).rejects.toThrow('ENOENT');
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('--contract and --go-errors take effect', async () => {
  await using run = start('--contract', '--go-errors');
  const { url } = JSON.parse(await run.line);
  const headers = { authorization: 'Bearer admin-token' };
  const failed = await fetch(`${url}/v1/network/none`, { headers });
  expect(await failed.json()).toBe('{"statuscode":404,"message":"NotFound no network with id \\"none\\" found"}');
  await fetch(`${url}/v1/network/find`, { method: 'POST', headers, body: '{"unknown":1}' });
  const state = await fetch(new URL('/_simulator/state', url)).then((response) => response.json());
  expect(state).toMatchObject({ violations: [expect.stringContaining('unknown')] });
});
