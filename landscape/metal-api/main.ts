import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { FixtureInput } from './fixture-schema.ts';
import { startMetalApi } from './server.ts';

const HELP = `usage: node landscape/metal-api/main.ts [--port N] [--seed-data FILE] [--seed N] [--contract] [--go-errors]

Runs a simulated metal-api v1 on loopback and prints {"url": ..., "port": ...} once it listens.
  --port N          default: a free one
  --seed-data FILE  what the installation holds, as JSON; default: two partitions with machines
  --seed N          of all random choices, default 1
  --contract        check every request and answer against metal-api.json (see /_simulator/state)
  --go-errors       write errors as metal-go reads them: the object as JSON inside a JSON string
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'seed-data': { type: 'string' },
      seed: { type: 'string', default: '1' },
      contract: { type: 'boolean', default: false },
      'go-errors': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const file = values['seed-data'];
  const fixture = file === undefined ? undefined : (JSON.parse(await readFile(file, 'utf8')) as FixtureInput);
  const api = await startMetalApi({
    port: wholeNumber('port', values.port),
    seed: wholeNumber('seed', values.seed),
    contract: values.contract,
    errorBody: values['go-errors'] ? 'string' : 'object',
    ...(fixture && { fixture }),
  });
  process.stdout.write(`${JSON.stringify({ url: api.url, port: api.port })}\n`);
  const stop = (): void => {
    void api.close();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function reason(error: unknown): string {
  if (error instanceof z.ZodError) return `seed data:\n${z.prettifyError(error)}`;
  return error instanceof Error ? error.message : String(error);
}

function wholeNumber(flag: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${flag} needs a number, not "${text}"`);
  return Number(text);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`metal-api simulator: ${reason(error)}\n`);
  process.exitCode = 1;
}
