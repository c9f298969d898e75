import { createControlPlaneActuator } from '../controllers/controlplane/actuator.ts';
import { controlPlaneKind } from '../controllers/controlplane/kind.ts';
import { infrastructureKind } from '../controllers/infrastructure/kind.ts';
import { createWorkerActuator } from '../controllers/worker/actuator.ts';
import { createMachineCaches } from '../controllers/worker/caches.ts';
import { workerKind } from '../controllers/worker/kind.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../kube/clock.ts';
import type { Logger } from '../kube/logger.ts';
import type { Provider } from '../providers/provider.ts';
import { runStep, type Step } from './step.ts';

export interface ExtensionOptions {
  readonly provider: Provider;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

type Run = (key: { readonly namespace: string; readonly name: string }) => Promise<Step>;

/** The actuators of `espalier controllers`, each run once. */
export function createExtension(options: ExtensionOptions): {
  readonly infrastructure: Run;
  readonly controlPlane: Run;
  readonly worker: Run;
} {
  const { provider, client, clock, log } = options;
  const dependencies = { kube: client, clock, log };
  return {
    infrastructure: (key) => runStep(infrastructureKind, provider.infrastructure(dependencies), key, options),
    controlPlane(key) {
      const driver = provider.controlPlane(dependencies);
      const actuator = createControlPlaneActuator({ ...dependencies, name: provider.name, driver });
      return runStep(controlPlaneKind, actuator, key, options);
    },
    async worker(key) {
      const caches = createMachineCaches({ client, clock, log });
      const done = new AbortController();
      const running = AbortSignal.any([options.signal, done.signal]);
      const informers = caches.informers.map((informer) => informer.run(running));
      try {
        await Promise.all(caches.informers.map((informer) => informer.waitForSync(running)));
        const actuator = createWorkerActuator({ kube: client, clock, driver: provider.worker(dependencies), caches });
        return await runStep(workerKind, actuator, key, options);
      } finally {
        done.abort(new Error('the plan is made'));
        await Promise.all(informers);
      }
    },
  };
}
