import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultFixture, PROJECT } from '../metal-api/fixture.ts';
import type { FixtureInput } from '../metal-api/fixture-schema.ts';
import { withFreePort } from '../processes/ports.ts';
import { type RunningProcess, startProcess } from '../processes/process.ts';

const entry = fileURLToPath(new URL('../metal-api/main.ts', import.meta.url));

export interface MetalApiProcess {
  /** What clients are configured with. */
  readonly url: string;
  /** The simulator's own handles, e.g. `<control>/state`. */
  readonly control: string;
  readonly hmac: string;
  readonly process: RunningProcess;
}

/** The addresses that example/shoot.yaml wants its traffic to leave from: the project has them before. */
function fixtureWithEgressIps(): FixtureInput {
  const egress = { ipaddress: '203.0.113.10', networkid: 'internet', projectid: PROJECT, type: 'static' } as const;
  return { ...defaultFixture(), ips: [{ ...egress, name: 'egress of the example' }] };
}

/** Starts the metal-api simulator as a process of its own. */
export async function startMetalApiProcess(dir: string, signal: AbortSignal): Promise<MetalApiProcess> {
  const data = join(dir, 'metal-api.json');
  await writeFile(data, JSON.stringify(fixtureWithEgressIps(), null, 2));
  return withFreePort(async (port) => {
    const root = `http://127.0.0.1:${port}`;
    const process_ = await startProcess({
      name: 'metal-api',
      command: process.execPath,
      args: [entry, '--port', String(port), '--seed-data', data],
      logFile: join(dir, 'logs', 'metal-api.log'),
      ready: async (attempt) => (await fetch(`${root}/metal/v1/health`, { signal: attempt })).ok,
      graceMs: 2_000,
      signal,
    });
    return { url: `${root}/metal`, control: `${root}/_simulator`, hmac: 'metal-admin', process: process_ };
  });
}
