import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfigFile } from './config-file.ts';

async function fileOf(content: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'config-file-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const path = join(dir, 'config.yaml');
  await writeFile(path, content);
  return path;
}

test('a file that is no YAML is named with the line, and nothing in it is shown', async () => {
  const path = await fileOf('storage:\n  adminKey: hidden\n adminToken: hidden as well\n');
  const reading = readConfigFile(path, (value) => value);
  await expect(reading).rejects.toThrow(/^config file \S+ is not YAML: (?!.*hidden)[^\n]* in line 3$/);
});

test('an empty file is no configuration', async () => {
  expect(await readConfigFile(await fileOf(' \n'), (value) => ({ value }))).toEqual({ value: undefined });
});
