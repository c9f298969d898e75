import type { Registry } from 'prom-client';
import { systemClock } from '../kube/clock.ts';
import { createHolder, isProvablyDead } from '../kube/holder.ts';
import { type ClosableKubeClient, createKubeClient, type KubeClientOptions } from '../kube/http-client.ts';
import { runAsLeader } from '../kube/leader.ts';
import { LeadershipLostError } from '../kube/lease-renewal.ts';
import type { Logger } from '../kube/logger.ts';
import { createKubeMetrics, type KubeMetrics } from '../kube/metrics.ts';
import { readDefaultOptions } from '../providers/metal/admission/default-options.ts';
import { createMetalProvider } from '../providers/metal/provider.ts';
import { createLogger } from '../telemetry/log.ts';
import { createRegistry } from '../telemetry/metrics.ts';
import { version } from '../telemetry/version.ts';
import { createApp } from '../webhooks/app.ts';
import type { Certificates } from '../webhooks/certificates/certificates.ts';
import { createCertificateFiles } from '../webhooks/certificates/files.ts';
import { createManagedCertificates } from '../webhooks/certificates/managed.ts';
import { certificateNames } from '../webhooks/certificates/names.ts';
import { createMemoryStore, createSecretStore } from '../webhooks/certificates/store.ts';
import { createGardenWebhooks } from '../webhooks/garden/webhooks.ts';
import { startWebhookHost, type WebhookHost } from '../webhooks/host.ts';
import { createWebhookMetrics } from '../webhooks/metrics.ts';
import { createRegistrar } from '../webhooks/registrar.ts';
import { servingHosts } from '../webhooks/registration.ts';
import { type AdmissionSettings, type AdmissionValues, settleAdmission } from './admission-settings.ts';
import { serveTelemetry } from './telemetry.ts';

const clock = systemClock;

/** What the parts of this process share. */
interface Wiring {
  readonly values: AdmissionValues;
  readonly settings: AdmissionSettings;
  readonly component: string;
  readonly garden: ClosableKubeClient;
  /** Where Secrets and the Lease are. */
  readonly source: ClosableKubeClient;
  readonly registry: Registry;
  readonly metrics: KubeMetrics;
  readonly log: Logger;
}

export async function runAdmission(values: AdmissionValues, stop: AbortSignal): Promise<void> {
  const settings = settleAdmission(values, process.env);
  const log = createLogger({ name: 'espalier', level: values['log-level'], format: values['log-format'] });
  const registry = createRegistry();
  const metrics = createKubeMetrics(registry);
  const { options: defaults, ignored } = readDefaultOptions(process.env);
  if (ignored.length > 0) log.warn({ variables: ignored }, 'Environment variables cannot be read and have no effect');
  const provider = createMetalProvider({ defaults });
  const component = `admission-${provider.type}`;
  const connection: KubeClientOptions = {
    userAgent: `espalier/${component}`,
    onRequest: ({ code, verb, host }) => metrics.request(code, verb, host),
    log,
  };
  const inGarden = { ...connection, kubeconfig: settings.garden };
  const garden = createKubeClient(inGarden);
  // Not the same client: renewing the lease must not wait behind other calls.
  const source = createKubeClient(settings.hasSource ? connection : inGarden);
  const { webhooks, informers } = createGardenWebhooks({
    client: garden,
    rules: provider.admission,
    type: provider.type,
    clock,
    log,
  });
  const wiring: Wiring = { values, settings, component, garden, source, registry, metrics, log };
  const finished = new AbortController();
  const running = new AbortController();
  const caches = informers.map((informer) => informer.run(finished.signal));
  let host: WebhookHost | undefined;
  const addresses = { metrics: values['metrics-bind-address'], health: values['health-bind-address'] };
  const probes = await serveTelemetry(addresses, registry, informers, {
    'webhook-server': () => {
      if (stop.aborted) throw new Error('stopping');
      if (!host) throw new Error('there is no certificate yet');
      host.assertRegistered();
    },
  });
  const serve = async () => {
    const webhookMetrics = createWebhookMetrics(registry);
    const listener = createApp({ webhooks, log, metrics: webhookMetrics, clock });
    const registrar = createRegistrar({
      client: garden,
      mode: values['webhook-config-registration'],
      webhooks,
      target: 'garden',
      component,
      clientMode: settings.clientMode,
      ownerNamespace: settings.ownerNamespace,
      log,
    });
    const address = { host: values['webhook-config-server-host'], port: values['webhook-config-server-port'] };
    const certificates = certificatesOf(wiring);
    const options = { address, listener, certificates, registrar, metrics: webhookMetrics, clock, log };
    host = await startWebhookHost(options, running.signal);
    log.info({ version, port: host.port, webhooks: webhooks.map(({ name }) => name) }, 'Started');
    return host;
  };
  // Certificates and the Lease are waited for at the same time: the start is what users of a new garden wait for.
  const serving = serve();
  const onStop = () => running.abort(stop.reason);
  if (stop.aborted) onStop();
  stop.addEventListener('abort', onStop, { once: true });
  try {
    await Promise.all([serving, elect(wiring, async (signal) => (await serving).lead(signal), running.signal)]);
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    running.abort(new Error('failed'));
    await serving.then((served) => served.close()).catch(() => undefined);
    finished.abort(stop.reason ?? new Error('finished'));
    await Promise.all([...caches, probes.close()]);
    await Promise.all([garden.close(), source.close(), provider.close()]);
    log.info({ reason: (stop.reason as Error | undefined)?.message ?? 'failure' }, 'Stopped');
  }
}

function certificatesOf({ settings, component, source, log }: Wiring): Certificates {
  const { certDir, namespace, clientMode } = settings;
  if (certDir) return createCertificateFiles({ directory: certDir, clock, log });
  const names = certificateNames(component);
  const store = namespace ? createSecretStore(source, namespace, names) : createMemoryStore();
  return createManagedCertificates({ store, names, hosts: servingHosts(component, clientMode), clock, log });
}

/**
 * Runs until stopped. A replica that loses its lease serves on, and stands for election again: API servers call it
 * whether it leads or not.
 */
async function elect(
  { settings, source, metrics, log }: Wiring,
  lead: (signal: AbortSignal) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  if (!settings.lease) return lead(stop);
  const holder = createHolder();
  const { identity } = holder;
  const isDead = (other: string) => isProvablyDead(other, holder);
  const options = { client: source, ...settings.lease, identity, isDead, clock, log, metrics, lead, signal: stop };
  while (!stop.aborted) {
    try {
      await runAsLeader(options);
    } catch (error) {
      if (!(error instanceof LeadershipLostError)) throw error;
    }
  }
}
