import type { Infrastructure } from '../apis/extensions/infrastructure.ts';
import { machineDeployments, machines } from '../apis/machine/machine.ts';
import { createControlPlaneActuator } from '../controllers/controlplane/actuator.ts';
import { controlPlaneKind } from '../controllers/controlplane/kind.ts';
import { createHealthCheckController, type HealthCheckOptions } from '../controllers/healthcheck/controller.ts';
import { infrastructureKind } from '../controllers/infrastructure/kind.ts';
import { createExtensionController, type ExtensionController } from '../controllers/lifecycle/controller.ts';
import type { ObjectMetrics } from '../controllers/lifecycle/object-metrics.ts';
import { createMachineCaches } from '../controllers/worker/caches.ts';
import { createWorkerController } from '../controllers/worker/controller.ts';
import { workerKind } from '../controllers/worker/kind.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../kube/clock.ts';
import type { EventRecorder } from '../kube/events.ts';
import type { Informer } from '../kube/lister.ts';
import type { Logger } from '../kube/logger.ts';
import type { KubeMetrics } from '../kube/metrics.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Provider } from '../providers/provider.ts';
import type { NamedController } from './controllers-lead.ts';
import type { ControllerName, ControllersValues, Settings } from './controllers-settings.ts';

export interface ControllerSetOptions {
  readonly values: ControllersValues;
  readonly settings: Settings;
  readonly provider: Provider;
  readonly client: KubeClient;
  readonly recorder: EventRecorder;
  readonly metrics: KubeMetrics;
  readonly objectMetrics: ObjectMetrics;
  readonly clock: Clock;
  readonly log: Logger;
  readonly healthCheck: Pick<HealthCheckOptions, 'syncPeriodMs' | 'shoot'>;
  /** Absent where this process serves no webhooks. */
  readonly shootWebhooks: ((signal: AbortSignal) => Promise<KubeObject | undefined>) | undefined;
}

/** The controllers that the flags ask for, the heartbeat aside. */
export function createControllers(options: ControllerSetOptions): readonly NamedController<ExtensionController>[] {
  const { values, settings, provider, client, recorder, metrics, objectMetrics, clock, log } = options;
  const dependencies = { kube: client, clock, log };
  const isWanted = (name: ControllerName) => settings.controllers.includes(name);
  const machineCaches = isWanted('worker') ? createMachineCaches({ client, clock, log }) : undefined;
  const classes = { type: provider.type, classes: values['extension-classes'] };
  const common = (noun: string, workers: number) => ({
    ignoreOperationAnnotation: values['ignore-operation-annotation'],
    metrics: metrics.controller(noun),
    ...{ ...classes, workers, client, recorder, objectMetrics, clock, log },
  });
  const controllers: NamedController<ExtensionController>[] = [];
  if (isWanted('infrastructure')) {
    const actuator = provider.infrastructure(dependencies);
    const settings = common(infrastructureKind.noun, values['infrastructure-max-concurrent-reconciles']);
    const controller = createExtensionController<Infrastructure>({ kind: infrastructureKind, actuator, ...settings });
    controllers.push({ name: 'infrastructure', controller });
  }
  if (isWanted('controlplane')) {
    const { shootWebhooks } = options;
    const driver = provider.controlPlane(dependencies);
    const actuator = createControlPlaneActuator({ ...dependencies, name: provider.name, driver, shootWebhooks });
    const settings = common(controlPlaneKind.noun, values['controlplane-max-concurrent-reconciles']);
    const controller = createExtensionController({ kind: controlPlaneKind, actuator, ...settings });
    controllers.push({ name: 'controlplane', controller });
  }
  if (machineCaches) {
    const driver = provider.worker(dependencies);
    const settings = common(workerKind.noun, values['worker-max-concurrent-reconciles']);
    const controller = createWorkerController({ driver, caches: machineCaches, ...settings });
    controllers.push({ name: 'worker', controller });
  }
  if (isWanted('healthcheck')) {
    const controller = createHealthCheckController({
      ...{ ...classes, client, clock, log, ...options.healthCheck },
      health: provider.health,
      workers: values['healthcheck-max-concurrent-reconciles'],
      metrics: (name) => metrics.controller(name),
      shared: machineCaches && [
        { resource: machines, informer: machineCaches.machineInformer as unknown as Informer<never> },
        { resource: machineDeployments, informer: machineCaches.deploymentInformer as unknown as Informer<never> },
      ],
    });
    controllers.push({ name: 'healthcheck', controller });
  }
  return controllers;
}
