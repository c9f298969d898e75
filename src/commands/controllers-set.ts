import type { Infrastructure } from '../apis/extensions/infrastructure.ts';
import { createControlPlaneActuator } from '../controllers/controlplane/actuator.ts';
import { controlPlaneKind } from '../controllers/controlplane/kind.ts';
import { infrastructureKind } from '../controllers/infrastructure/kind.ts';
import { createExtensionController, type ExtensionController } from '../controllers/lifecycle/controller.ts';
import { createWorkerController } from '../controllers/worker/controller.ts';
import { workerKind } from '../controllers/worker/kind.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../kube/clock.ts';
import type { EventRecorder } from '../kube/events.ts';
import type { Logger } from '../kube/logger.ts';
import type { KubeMetrics } from '../kube/metrics.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Provider } from '../providers/provider.ts';
import type { ControllersValues, Settings } from './controllers-settings.ts';

export interface ControllerSetOptions {
  readonly values: ControllersValues;
  readonly settings: Settings;
  readonly provider: Provider;
  readonly client: KubeClient;
  readonly recorder: EventRecorder;
  readonly metrics: KubeMetrics;
  readonly clock: Clock;
  readonly log: Logger;
  /** Absent where this process serves no webhooks. */
  readonly shootWebhooks: ((signal: AbortSignal) => Promise<KubeObject | undefined>) | undefined;
}

/** The controllers of extension kinds that the flags ask for. */
export function createControllers(options: ControllerSetOptions): ExtensionController[] {
  const { values, settings, provider, client, recorder, metrics, clock, log } = options;
  const dependencies = { kube: client, clock, log };
  const common = (noun: string, workers: number) => ({
    type: provider.type,
    classes: values['extension-classes'],
    ignoreOperationAnnotation: values['ignore-operation-annotation'],
    metrics: metrics.controller(noun),
    ...{ workers, client, recorder, clock, log },
  });
  const makers = {
    infrastructure: () =>
      createExtensionController<Infrastructure>({
        kind: infrastructureKind,
        actuator: provider.infrastructure(dependencies),
        ...common(infrastructureKind.noun, values['infrastructure-max-concurrent-reconciles']),
      }),
    controlplane: () =>
      createExtensionController({
        kind: controlPlaneKind,
        actuator: createControlPlaneActuator({
          ...dependencies,
          name: provider.name,
          driver: provider.controlPlane(dependencies),
          shootWebhooks: options.shootWebhooks,
        }),
        ...common(controlPlaneKind.noun, values['controlplane-max-concurrent-reconciles']),
      }),
    worker: () =>
      createWorkerController({
        driver: provider.worker(dependencies),
        ...common(workerKind.noun, values['worker-max-concurrent-reconciles']),
      }),
  };
  return (['infrastructure', 'controlplane', 'worker'] as const)
    .filter((name) => settings.controllers.includes(name))
    .map((name) => makers[name]());
}
