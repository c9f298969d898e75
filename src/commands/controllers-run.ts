import type { Registry } from 'prom-client';
import { type ControllerConfiguration, decodeControllerConfiguration } from '../apis/metal/controller-configuration.ts';
import { runHeartbeat } from '../controllers/heartbeat/heartbeat.ts';
import { createHeartbeatMetrics } from '../controllers/heartbeat/metrics.ts';
import { createObjectMetrics } from '../controllers/lifecycle/object-metrics.ts';
import type { KubeClient } from '../kube/client.ts';
import { systemClock } from '../kube/clock.ts';
import { abortable } from '../kube/deadline.ts';
import { toError } from '../kube/errors.ts';
import { createEventRecorder, type EventRecorder } from '../kube/events.ts';
import { createHolder } from '../kube/holder.ts';
import { createKubeClient, type KubeClientOptions } from '../kube/http-client.ts';
import type { Logger } from '../kube/logger.ts';
import { createKubeMetrics, type KubeMetrics } from '../kube/metrics.ts';
import { healthCheckSettings } from '../providers/metal/health/settings.ts';
import { createImages, type MachineController, machineControllerOf } from '../providers/metal/images.ts';
import { loadManifests } from '../providers/metal/manifests/load.ts';
import { createMetalProvider } from '../providers/metal/provider.ts';
import type { Provider } from '../providers/provider.ts';
import { createLogger } from '../telemetry/log.ts';
import { createRegistry } from '../telemetry/metrics.ts';
import { version } from '../telemetry/version.ts';
import { readConfigFile } from './config-file.ts';
import { leadControllers } from './controllers-lead.ts';
import { createControllers } from './controllers-set.ts';
import { type ControllersValues, type Settings, settle } from './controllers-settings.ts';
import type { SeedWebhooks } from './controllers-webhooks.ts';
import { UsageError } from './flags.ts';
import { readImageVector } from './image-vector.ts';
import { leadOrExit } from './lead-or-exit.ts';
import { serveTelemetry } from './telemetry.ts';

/** What the parts of this process share. */
interface Wiring {
  readonly values: ControllersValues;
  readonly settings: Settings;
  readonly config: ControllerConfiguration;
  readonly provider: Provider;
  readonly machineController: MachineController;
  readonly client: KubeClient;
  readonly recorder: EventRecorder;
  readonly metrics: KubeMetrics;
  readonly log: Logger;
}

const clock = systemClock;

export async function runControllers(values: ControllersValues, stop: AbortSignal): Promise<void> {
  const settings = settle(values);
  const { config, unknownFields } = await readConfigFile(settings.configFile, decodeControllerConfiguration);
  const log = createLogger({ name: 'espalier', level: values['log-level'], format: values['log-format'] });
  if (unknownFields.length > 0) log.warn({ fields: unknownFields }, 'Unknown fields in the config file have no effect');

  const registry = createRegistry();
  const metrics = createKubeMetrics(registry);
  const overwrites = await readImageVector(process.env.IMAGEVECTOR_OVERWRITE);
  const images = createImages(overwrites);
  const machineController = machineControllerOf(overwrites, values.image);
  const manifests = settings.controllers.includes('controlplane') ? await loadManifests() : undefined;
  const seedApiHost = process.env.KUBERNETES_SERVICE_HOST;
  const provider = createMetalProvider({ config, registry, clock, images, manifests, seedApiHost });
  const { kubeconfig, qps, burst } = config.clientConnection ?? {};
  const connection: KubeClientOptions = {
    kubeconfig: values.kubeconfig ?? (kubeconfig || undefined),
    userAgent: `espalier/${provider.name}`,
    onRequest: ({ code, verb, host }) => metrics.request(code, verb, host),
    log,
  };
  const rateLimit = qps ? { qps, burst: burst || Math.ceil(qps) } : undefined;
  const client = createKubeClient({ ...connection, rateLimit });
  // Renewing the lease must not wait behind the controllers' calls.
  const elector = createKubeClient(connection);
  const holder = createHolder();
  const recorder = createEventRecorder({ client, component: provider.name, instance: holder.identity, clock, log });
  const wiring: Wiring = { values, settings, config, provider, machineController, client, recorder, metrics, log };
  try {
    await runReplica(wiring, registry, stop, async (lead, signal) => {
      if (!settings.lease) return lead(signal);
      return leadOrExit({ client: elector, ...settings.lease, clock, log, metrics, lead, signal }, holder);
    });
  } finally {
    await recorder.drain();
    await Promise.all([provider.close(), client.close(), elector.close()]);
    log.info({ reason: (stop.reason as Error | undefined)?.message ?? 'failure' }, 'Stopped');
  }
}

/** Caches and probes run in every replica; `elect` decides when this one leads. */
async function runReplica(
  wiring: Wiring,
  registry: Registry,
  stop: AbortSignal,
  elect: (lead: (signal: AbortSignal) => Promise<void>, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { values, settings, log } = wiring;
  const hasWebhooks = values['webhook-config-server-port'] !== undefined;
  const shootWebhooks = async (signal: AbortSignal) =>
    (await abortable(serving, signal))?.delivery.configuration(signal);
  const controllers = createControllers({
    ...{ ...wiring, objectMetrics: createObjectMetrics(registry), clock },
    healthCheck: healthCheckOf(wiring),
    shootWebhooks: hasWebhooks ? shootWebhooks : undefined,
  });
  const informers = controllers.flatMap(({ controller }) => controller.informers);
  const addresses = { metrics: values['metrics-bind-address'], health: values['health-bind-address'] };
  let served: SeedWebhooks | undefined;
  const checks = {
    'webhook-server': () => {
      if (stop.aborted) throw new Error('stopping');
      if (!served) throw new Error('there is no certificate yet');
      served.host.assertRegistered();
    },
  };
  const telemetry = await serveTelemetry(addresses, registry, informers, hasWebhooks ? checks : {});
  // Not `stop`: a run that is let finish still reads the caches.
  const finished = new AbortController();
  const caches = informers.map((informer) => informer.run(finished.signal));
  log.info({ version, controllers: settings.controllers, provider: wiring.provider.name }, 'Started');
  const failed = new AbortController();
  const running = AbortSignal.any([stop, failed.signal]);
  const serving = serveWebhooks(wiring, registry, running).then(
    (started) => {
      served = started;
      return started;
    },
    (error: unknown) => {
      if (!stop.aborted) throw error;
    },
  );
  const beat = heartbeatOf(wiring, registry);
  const webhooks = async (signal: AbortSignal) => (await abortable(serving, signal))?.host.lead(signal);
  const lead = (signal: AbortSignal) => {
    const prepareSeed = () => wiring.provider.prepareSeed(wiring.client, signal);
    return leadControllers(controllers, prepareSeed, signal, beat ? [beat, webhooks] : [webhooks]);
  };
  // Certificates and the Lease are waited for at the same time.
  const elected = elect(lead, running);
  try {
    await Promise.all([serving, elected]);
  } finally {
    failed.abort(new Error('failed'));
    await Promise.allSettled([elected, serving.then((started) => started?.host.close())]);
    finished.abort(stop.reason ?? new Error('finished'));
    await Promise.all(caches);
    await telemetry.close();
  }
}

function healthCheckOf({ config, provider }: Wiring) {
  try {
    const { shoot, ...settings } = healthCheckSettings(config);
    return { ...settings, shoot: { ...shoot, userAgent: `espalier/${provider.name}` } };
  } catch (error) {
    throw new UsageError(toError(error).message);
  }
}

/** Loaded only when they are served: a seed may leave them to another deployment. */
async function serveWebhooks(
  { values, config, provider, machineController, client, log }: Wiring,
  registry: Registry,
  stop: AbortSignal,
): Promise<SeedWebhooks | undefined> {
  const port = values['webhook-config-server-port'];
  if (port === undefined) return undefined;
  const { startSeedWebhooks } = await import('./controllers-webhooks.ts');
  return startSeedWebhooks({ values, port, config, machineController, provider, client, registry, clock, log }, stop);
}

/** Undefined where another deployment does it. */
function heartbeatOf({ values, settings, provider, client, log }: Wiring, registry: Registry) {
  const { heartbeatNamespace: namespace } = settings;
  if (namespace === undefined) return undefined;
  const intervalSeconds = values['heartbeat-renew-interval-seconds'];
  const onBeat = createHeartbeatMetrics(registry);
  const options = { client, namespace, extension: provider.name, intervalSeconds, clock, log, onBeat };
  return (signal: AbortSignal) => runHeartbeat(options, signal);
}
