import type { Registry } from 'prom-client';
import type { ControllerConfiguration } from '../../apis/metal/controller-configuration.ts';
import { type Clock, systemClock } from '../../kube/clock.ts';
import type { Provider } from '../provider.ts';
import type { DefaultOptions } from './admission/default-options.ts';
import { createAdmissionRules } from './admission/rules.ts';
import { createMetalControlPlane } from './controlplane/driver.ts';
import { ensureSeedObjects } from './controlplane/seed-crds.ts';
import { metalHealth } from './health/health.ts';
import { createImages, type Images } from './images.ts';
import { createInfrastructureActuator } from './infrastructure/actuator.ts';
import type { Manifests } from './manifests/manifests.ts';
import { createMetalApiMetrics } from './metal-api/metrics.ts';
import { createMetalApiRegistry, type MetalApiRegistry, type MetalApiRegistryOptions } from './metal-api/registry.ts';
import { createMetalWorker } from './worker/worker.ts';

export interface MetalProviderOptions {
  /** The operator's file; empty when absent. */
  readonly config?: ControllerConfiguration | undefined;
  /** Where metal-api's metrics are registered. */
  readonly registry?: Registry | undefined;
  readonly clock?: Clock | undefined;
  /** What a Shoot gets where its owner says nothing; see readDefaultOptions. */
  readonly defaults?: DefaultOptions | undefined;
  /** Deadlines, retries and limits of metal-api calls. */
  readonly metalApi?: Omit<MetalApiRegistryOptions, 'clock' | 'onCall'> | undefined;
  /** Instead of connections of its own. */
  readonly metalApis?: MetalApiRegistry | undefined;
  /** The images of what runs in seed and shoots. */
  readonly images?: Images | undefined;
  /** Definitions and objects of other projects; needed for control planes only. */
  readonly manifests?: Manifests | undefined;
  /** Host of the seed's API server as pods are told it; undefined outside of a cluster. */
  readonly seedApiHost?: string | undefined;
}

/** Provider type `metal`: bare metal of metal-stack. All its actuators share connections and limits to metal-api. */
export function createMetalProvider(options: MetalProviderOptions = {}): Provider {
  const metalApis =
    options.metalApis ??
    createMetalApiRegistry({
      ...options.metalApi,
      clock: options.clock ?? systemClock,
      userAgent: options.metalApi?.userAgent ?? 'espalier/provider-metal',
      onCall: options.registry && createMetalApiMetrics(options.registry),
    });
  const { config = {}, images = createImages(), seedApiHost } = options;
  const manifests = (): Manifests => {
    if (options.manifests) return options.manifests;
    throw new Error('control planes need the manifests of other projects');
  };
  return {
    type: 'metal',
    name: 'provider-metal',
    admission: createAdmissionRules({ defaults: options.defaults }),
    infrastructure: (dependencies) => createInfrastructureActuator({ ...dependencies, metalApis }),
    controlPlane: (dependencies) =>
      createMetalControlPlane({ ...dependencies, metalApis, config, images, manifests: manifests(), seedApiHost }),
    worker: (dependencies) => createMetalWorker({ ...dependencies, metalApis, config }),
    health: metalHealth(config),
    prepareSeed: (kube, signal) => ensureSeedObjects(kube, manifests(), signal),
    close: () => metalApis.close(),
  };
}
