import { type Duros, duros } from '../../../apis/storage/duros.ts';
import { type Health, type HealthCheck, healthy, unhealthy, type Watched, watched } from '../../health.ts';
import { deploymentCheck } from './deployment.ts';
import { smallMetadata } from './small.ts';

/** Name of the one Duros object of a shoot. */
const NAME = 'shoot-default-storage';

/** A controller that has been silent for so long is not at work (metal-provider 3.5). */
const silentMs = 30 * 60_000;

/** A cluster that does not reach the storage has no such object. */
export function durosHealth(object: Duros | undefined, nowMs: number): Health {
  if (!object) return healthy;
  const { reconcileStatus, managedResourceStatuses = [] } = object.status ?? {};
  const last = reconcileStatus?.lastReconcile;
  const faults = [
    ...(last ? [] : ['duros-controller does not reconcile it']),
    ...(last && nowMs - Date.parse(last) > silentMs
      ? ['duros-controller has not reconciled it for more than 30 minutes']
      : []),
    ...(reconcileStatus?.error ? [reconcileStatus.error] : []),
    ...managedResourceStatuses
      .filter(({ state }) => state !== 'Running')
      .map(({ name, state, description }) => `${name} is ${state}${description ? `: ${description}` : ''}`),
  ];
  return faults.length === 0 ? healthy : unhealthy(`Duros ${NAME}: ${faults.join(', ')}`);
}

export const durosCheck: HealthCheck = {
  condition: 'SystemComponentsHealthy',
  name: 'storage',
  run: ({ seed, clock }) => durosHealth(seed.find(duros, NAME), clock.now()),
};

const controller = deploymentCheck('duros-controller');

/** Only where there is work for it. */
export const durosControllerCheck: HealthCheck = {
  ...controller,
  run: (context) => (context.seed.find(duros, NAME) ? controller.run(context) : healthy),
};

export const watchedDuros: Watched = watched(
  duros,
  ({ metadata, spec, status }: Duros) => ({ metadata: smallMetadata(metadata), spec, ...(status ? { status } : {}) }),
  NAME,
);
