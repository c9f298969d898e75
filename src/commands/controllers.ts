import { decodeControllerConfiguration } from '../apis/metal/controller-configuration.ts';
import { runHeartbeat } from '../controllers/heartbeat/heartbeat.ts';
import { infrastructureKind } from '../controllers/infrastructure/kind.ts';
import { createExtensionController, type ExtensionController } from '../controllers/lifecycle/controller.ts';
import { systemClock } from '../kube/clock.ts';
import { createEventRecorder } from '../kube/events.ts';
import { createHolder, isProvablyDead } from '../kube/holder.ts';
import { createKubeClient } from '../kube/http-client.ts';
import { runAsLeader } from '../kube/leader.ts';
import type { Logger } from '../kube/logger.ts';
import { createKubeMetrics } from '../kube/metrics.ts';
import { createMetalProvider } from '../providers/metal/provider.ts';
import { createLogger } from '../telemetry/log.ts';
import { createRegistry } from '../telemetry/metrics.ts';
import { readConfigFile } from './config-file.ts';
import { controllersFlags } from './controllers-flags.ts';
import { type FlagValues, UsageError } from './flags.ts';
import { podNamespace } from './pod.ts';
import type { Command } from './run.ts';
import { serveTelemetry } from './telemetry.ts';

type Values = FlagValues<typeof controllersFlags>;

export const controllersCommand: Command<typeof controllersFlags> = {
  name: 'controllers',
  summary: 'Reconcile the extension objects of a seed',
  description:
    'Runs in a seed and reconciles the extension objects that gardenlet creates for Shoots of type metal.\nReplicas elect a leader; the others stand by with filled caches.',
  flags: controllersFlags,
  run: runControllers,
};

async function runControllers(values: Values, stop: AbortSignal): Promise<void> {
  const settings = settle(values);
  if (!values['config-file']) throw new UsageError('--config-file is required');
  const { config, unknownFields } = await readConfigFile(values['config-file'], decodeControllerConfiguration);

  const clock = systemClock;
  const log = createLogger({ name: 'espalier', level: values['log-level'], format: values['log-format'] });
  if (unknownFields.length > 0) log.warn({ fields: unknownFields }, 'unknown fields in the config file have no effect');
  const registry = createRegistry();
  const metrics = createKubeMetrics(registry);
  const { qps, burst, kubeconfig } = config.clientConnection ?? {};
  const provider = createMetalProvider({ registry });
  const client = createKubeClient({
    kubeconfig: values.kubeconfig ?? (kubeconfig || undefined),
    userAgent: `espalier/${provider.name}`,
    ...(qps ? { rateLimit: { qps, burst: burst || Math.ceil(qps * 1.3) } } : {}),
    onRequest: ({ code, verb, host }) => metrics.request(code, verb, host),
    log,
  });
  const holder = createHolder();
  const { identity } = holder;
  const recorder = createEventRecorder({
    client,
    component: `${provider.name}-controllers`,
    instance: identity,
    clock,
    log,
  });

  const controllers: ExtensionController[] = [];
  if (settings.runs('infrastructure')) {
    controllers.push(
      createExtensionController({
        kind: infrastructureKind,
        type: provider.type,
        classes: values['extension-classes'],
        actuator: provider.infrastructure({ kube: client, clock, log }),
        workers: values['infrastructure-max-concurrent-reconciles'],
        ignoreOperationAnnotation: values['ignore-operation-annotation'],
        client,
        recorder,
        clock,
        log,
        metrics: metrics.controller(infrastructureKind.noun),
      }),
    );
  }
  const informers = controllers.flatMap((controller) => controller.informers);
  const telemetry = await serveTelemetry(
    { metrics: values['metrics-bind-address'], health: values['health-bind-address'] },
    registry,
    informers,
  );

  // Informers outlive the leadership: a run that drains still reads them.
  const reading = new AbortController();
  const caches = informers.map((informer) => informer.run(reading.signal));
  const lead = async (signal: AbortSignal): Promise<void> => {
    await Promise.all([
      ...controllers.map((controller) => controller.lead(signal)),
      ...settings.heartbeat.map((namespace) =>
        runHeartbeat(
          {
            client,
            namespace,
            extension: provider.name,
            intervalSeconds: values['heartbeat-renew-interval-seconds'],
            clock,
            log,
          },
          signal,
        ),
      ),
    ]);
  };
  log.info({ identity, controllers: settings.names, provider: provider.name }, 'starting');
  try {
    if (!settings.lease) await lead(stop);
    else
      await runAsLeader({
        client,
        ...settings.lease,
        identity,
        isProvablyDead,
        clock,
        log,
        lead,
        signal: stop,
        onLeading: (leading: boolean) => metrics.leading(settings.lease?.name ?? '', leading),
      });
  } finally {
    reading.abort(new Error('stopping'));
    await Promise.all(caches);
    await recorder.drain();
    await telemetry.close();
    await client.close();
    logStop(log, stop);
  }
}

function logStop(log: Logger, stop: AbortSignal): void {
  log.info({ reason: (stop.reason as Error | undefined)?.message ?? 'error' }, 'stopped');
}

interface Settings {
  /** Controllers that run. */
  readonly names: readonly string[];
  runs(name: string): boolean;
  /** Undefined without leader election. */
  readonly lease: { readonly namespace: string; readonly name: string } | undefined;
  /** One namespace, or none when the heartbeat is off. */
  readonly heartbeat: readonly string[];
}

/** What the flags mean together. Throws UsageError for a namespace that cannot be known. */
function settle(values: Values): Settings {
  const names = values.controllers.filter((name) => !values['disable-controllers'].includes(name));
  const runs = (name: string): boolean => names.some((candidate) => candidate === name);
  const namespace = (flag: 'leader-election-namespace' | 'heartbeat-namespace'): string => {
    const known = values[flag] ?? podNamespace();
    if (!known) throw new UsageError(`--${flag} is required outside of a cluster`);
    return known;
  };
  return {
    names,
    runs,
    lease: values['leader-election']
      ? { namespace: namespace('leader-election-namespace'), name: values['leader-election-id'] }
      : undefined,
    heartbeat: runs('heartbeat') ? [namespace('heartbeat-namespace')] : [],
  };
}
