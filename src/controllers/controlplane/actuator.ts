import type { ControlPlane } from '../../apis/extensions/control-plane.ts';
import { rememberDocuments } from '../../managed-resources/documents.ts';
import type { Actuator } from '../../providers/provider.ts';
import { migrate } from './migrate.ts';
import type { ControlPlaneOptions } from './options.ts';
import { reconcile } from './reconcile.ts';
import { remove } from './remove.ts';

/**
 * ControlPlane of every provider type: certificates, access to the shoot and ManagedResources; what is in them is the
 * driver's (gardener-contract 3.2, 3.3).
 */
export function createControlPlaneActuator(options: ControlPlaneOptions): Actuator<ControlPlane> {
  const writeDocument = rememberDocuments();
  return {
    reconcile: (operation) => reconcile(operation, options, writeDocument),
    delete: (operation) => remove(operation, options, { wait: true }),
    forceDelete: (operation) => remove(operation, options, { wait: false }),
    migrate: (operation) => migrate(operation, options),
    // Authorities come back with the ShootState, everything else is made from what is desired.
    restore: (operation) => reconcile(operation, options, writeDocument),
  };
}
