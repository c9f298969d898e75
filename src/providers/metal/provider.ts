import type { Registry } from 'prom-client';
import type { ControllerConfiguration } from '../../apis/metal/controller-configuration.ts';
import { type Clock, systemClock } from '../../kube/clock.ts';
import type { Provider } from '../provider.ts';
import type { DefaultOptions } from './admission/default-options.ts';
import { createAdmissionRules } from './admission/rules.ts';
import { createInfrastructureActuator } from './infrastructure/actuator.ts';
import { createMetalApiMetrics } from './metal-api/metrics.ts';
import { createMetalApiRegistry, type MetalApiRegistryOptions } from './metal-api/registry.ts';

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
}

/** Provider type `metal`: bare metal of metal-stack. All its actuators share connections and limits to metal-api. */
export function createMetalProvider(options: MetalProviderOptions = {}): Provider {
  const metalApis = createMetalApiRegistry({
    ...options.metalApi,
    clock: options.clock ?? systemClock,
    userAgent: options.metalApi?.userAgent ?? 'espalier/provider-metal',
    onCall: options.registry && createMetalApiMetrics(options.registry),
  });
  return {
    type: 'metal',
    name: 'provider-metal',
    admission: createAdmissionRules({ defaults: options.defaults }),
    infrastructure: (dependencies) => createInfrastructureActuator({ ...dependencies, metalApis }),
    close: () => metalApis.close(),
  };
}
