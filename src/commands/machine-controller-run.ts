import type { Registry } from 'prom-client';
import { createMachineController, type MachineController } from '../controllers/machine/controller.ts';
import { createDriverMetrics } from '../controllers/machine/driver-metrics.ts';
import { createMachineMetrics } from '../controllers/machine/metrics.ts';
import { systemClock } from '../kube/clock.ts';
import { createEventRecorder } from '../kube/events.ts';
import { createHolder } from '../kube/holder.ts';
import { type ClosableKubeClient, createKubeClient, type KubeClientOptions } from '../kube/http-client.ts';
import type { Logger } from '../kube/logger.ts';
import { createKubeMetrics, type KubeMetrics } from '../kube/metrics.ts';
import { createMetalMachineDriver } from '../providers/metal/machine/driver.ts';
import { createMetalApiMetrics } from '../providers/metal/metal-api/metrics.ts';
import { createMetalApiRegistry } from '../providers/metal/metal-api/registry.ts';
import { metricsHandler, serveHttp } from '../telemetry/http.ts';
import { createLogger } from '../telemetry/log.ts';
import { createRegistry } from '../telemetry/metrics.ts';
import { leadOrExit } from './lead-or-exit.ts';
import { type MachineControllerValues, type Settings, settleMachineController } from './machine-controller-settings.ts';
import { probesOf } from './telemetry.ts';

const clock = systemClock;
/** The Lease of the Go machine controllers: one of them and this one never work at the same time. */
const lease = 'machine-controller';
const userAgent = 'espalier/machine-controller';

export async function runMachineController(values: MachineControllerValues, stop: AbortSignal): Promise<void> {
  const settings = settleMachineController(values);
  const log = createLogger({ name: lease, level: settings.level, format: values['log-format'] });
  const registry = createRegistry();
  const metrics = createKubeMetrics(registry);
  const clients = createClients(values, settings, metrics, log);
  const metalApis = createMetalApiRegistry({ clock, userAgent, onCall: createMetalApiMetrics(registry) });
  const driver = createMetalMachineDriver({ metalApis, clock, log });
  const holder = createHolder();
  const { identity: instance } = holder;
  const recorder = createEventRecorder({ client: clients.control, component: lease, instance, clock, log });
  const controller = createMachineController({
    ...{ namespace: values.namespace, control: clients.control, target: clients.target, driver },
    ...{ settings: settings.machines, workers: values['concurrent-syncs'], clock, log },
    ...{ recorder, metrics, driverMetrics: createDriverMetrics(registry, driver.provider) },
  });
  createMachineMetrics(registry, controller);
  try {
    await runReplica(controller, settings, registry, stop, (lead, signal) => {
      if (!values['leader-elect']) return lead(signal);
      const key = { namespace: values.namespace, name: lease };
      const durations = settings.lease;
      return leadOrExit({ client: clients.elector, ...key, durations, clock, log, metrics, lead, signal }, holder);
    });
  } finally {
    await recorder.drain();
    await Promise.all([clients.control, clients.target, clients.elector].map((client) => client?.close()));
    await metalApis.close();
    log.info({ reason: (stop.reason as Error | undefined)?.message ?? 'failure' }, 'Stopped');
  }
}

interface Clients {
  readonly control: ClosableKubeClient;
  readonly target: ClosableKubeClient | undefined;
  /** Renewing the Lease must not wait behind the controller's calls. */
  readonly elector: ClosableKubeClient;
}

function createClients(
  values: MachineControllerValues,
  { control, target }: Settings,
  metrics: KubeMetrics,
  log: Logger,
): Clients {
  const onRequest: KubeClientOptions['onRequest'] = ({ code, verb, host }) => metrics.request(code, verb, host);
  const common = { userAgent, onRequest, log };
  const qps = values['kube-api-qps'];
  const rateLimit = { qps, burst: Math.max(1, values['kube-api-burst']) };
  return {
    control: createKubeClient({ ...common, ...control, rateLimit }),
    target: target && createKubeClient({ ...common, ...target, rateLimit }),
    elector: createKubeClient({ ...common, ...control }),
  };
}

type Lead = (signal: AbortSignal) => Promise<void>;

/** Caches and probes run in every replica; `lead` in the leader only. */
async function runReplica(
  controller: MachineController,
  { address }: Settings,
  registry: Registry,
  stop: AbortSignal,
  led: (lead: Lead, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const server = await serveHttp(address, { ...probesOf(controller.informers), '/metrics': metricsHandler(registry) });
  // Not `stop`: a run that is let finish still reads the caches.
  const finished = new AbortController();
  const caches = controller.informers.map((informer) => informer.run(finished.signal));
  try {
    await led((signal) => controller.lead(signal), stop);
  } finally {
    finished.abort(stop.reason ?? new Error('finished'));
    await Promise.all(caches);
    await server.close();
  }
}
