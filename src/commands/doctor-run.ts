import { decodeControllerConfiguration } from '../apis/metal/controller-configuration.ts';
import { exitCodeOf, reportAsJson } from '../doctor/report.ts';
import type { SeedSource } from '../doctor/seed.ts';
import { reportAsText } from '../doctor/text.ts';
import { systemClock } from '../kube/clock.ts';
import { toError } from '../kube/errors.ts';
import { type ClosableKubeClient, createKubeClient } from '../kube/http-client.ts';
import { createMetalDoctor } from '../providers/metal/doctor/doctor.ts';
import { createMetalApiRegistry } from '../providers/metal/metal-api/registry.ts';
import { createLogger } from '../telemetry/log.ts';
import { readConfigFile } from './config-file.ts';
import { examine } from './doctor-examine.ts';
import type { doctorFlags } from './doctor-flags.ts';
import type { Garden } from './doctor-lists.ts';
import { ExitError } from './exit.ts';
import { type FlagValues, UsageError } from './flags.ts';

type DoctorValues = FlagValues<typeof doctorFlags>;

const userAgent = 'espalier/doctor';
const couldNotLook = 2;
/** The seed when no flag says where it is. */
const unnamed: SeedSource = { given: undefined, path: 'default' };

export async function runDoctor(values: DoctorValues, signal: AbortSignal): Promise<void> {
  if (values.yes && !values.fix) throw new UsageError('--yes is for --fix: add it');
  const file = values['config-file'];
  const config = file ? (await readConfigFile(file, decodeControllerConfiguration)).config : undefined;
  const clients: ClosableKubeClient[] = [];
  const connect = (kubeconfig: string | undefined) => {
    const client = createKubeClient({ kubeconfig, userAgent });
    clients.push(client);
    return client;
  };
  const metalApis = createMetalApiRegistry({ clock: systemClock, userAgent });
  try {
    const sources = values.kubeconfig.length > 0 ? values.kubeconfig : [undefined];
    const paths = new Set((values['garden-kubeconfig'] ?? '').split(',').filter(Boolean));
    const report = await examine({
      seeds: sources.map((source) => ({ source: source ?? unnamed, kube: connect(source?.path) })),
      gardens: [...paths].map((path): Garden => ({ name: path, client: connect(path) })),
      ...{ type: 'metal', provider: 'provider-metal', doctor: createMetalDoctor({ metalApis, config }) },
      stuckMs: values['stuck-after-minutes'] * 60_000,
      fix: values.fix && values.yes,
      clock: systemClock,
      log: createLogger({ name: 'doctor', level: 'info', format: 'text' }),
      signal,
    });
    const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;
    process.stdout.write(
      values.output === 'json' ? reportAsJson(report) : reportAsText(report, { colour, fix: values.fix }),
    );
    const code = exitCodeOf(report);
    if (code !== 0) throw new ExitError(code);
  } catch (error) {
    if (error instanceof ExitError) throw error;
    throw new ExitError(couldNotLook, toError(error).message);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await metalApis.close();
  }
}
