import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { flagsOf, flagsOfHelp, pageOf } from './docs/flag-tables.ts';
import { readPages, root } from './docs/markdown.ts';

const pages = await readPages();

describe.each(Object.entries(pageOf))('flags of espalier %s', async (command, file) => {
  const documented = flagsOf(pages.find((page) => page.file === file));
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'dist/main.mjs'), command, '--help']);
  const flags = flagsOfHelp(stdout);

  test('are those of --help', () => {
    expect(documented.map(({ name }) => name).sort()).toEqual([...flags.keys()].sort());
  });

  test('have the defaults of --help', () => {
    const wrong = documented.filter(
      ({ name, fallback }) => fallback !== undefined && plain(fallback) !== plain(flags.get(name)),
    );
    expect(wrong.map((flag) => ({ ...flag, help: flags.get(flag.name) }))).toEqual([]);
  });
});

const plain = (text = ''): string => text.replaceAll(' ', '');
