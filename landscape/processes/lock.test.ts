import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDir } from './lock.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('of several at once one gets it, the others learn who has it', async () => {
  const results = await Promise.allSettled([lockDir(dir), lockDir(dir), lockDir(dir)]);
  const [unlock, ...more] = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  expect(more).toEqual([]);
  const reasons = results.filter((result) => result.status === 'rejected').map(({ reason }) => String(reason));
  expect(reasons).toHaveLength(2);
  for (const reason of reasons) expect(reason).toContain(dir);
  await unlock?.();
  await (await lockDir(dir))();
});

test('is refused while its owner lives', async () => {
  await lockDir(dir);
  await expect(lockDir(dir)).rejects.toThrow(`already (process ${process.pid})`);
});

test.each([
  ['a process that is gone', async () => `${await pidOfTheDead()}\n`],
  ['nobody, because its owner was killed while writing', async () => ''],
])('is taken over from %s', async (_, content) => {
  await writeFile(join(dir, 'lock'), await content());
  await lockDir(dir);
  expect(await readFile(join(dir, 'lock'), 'utf8')).toBe(`${process.pid}\n`);
});

async function pidOfTheDead(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}
