import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import type { Actuator, Operation, Outcome } from '../../provider.ts';
import { toOperationError } from '../errors.ts';
import { deleteInfrastructure } from './delete.ts';
import { forceDelete } from './force-delete.ts';
import { migrate } from './migrate.ts';
import { type InfrastructureDependencies, reconcile } from './reconcile.ts';

type Run = (
  operation: Operation<Infrastructure>,
  dependencies: InfrastructureDependencies,
) => Promise<Outcome<Infrastructure>>;

/** Infrastructure of `metal`: the node network and the egress IPs of a shoot, at metal-api. */
export function createInfrastructureActuator(dependencies: InfrastructureDependencies): Actuator<Infrastructure> {
  const bordered = (run: Run) => async (operation: Operation<Infrastructure>) => {
    try {
      return await run(operation, dependencies);
    } catch (error) {
      throw toOperationError(error);
    }
  };
  return {
    reconcile: bordered(reconcile),
    delete: bordered(deleteInfrastructure),
    forceDelete: bordered(forceDelete),
    migrate: bordered(migrate),
    // Everything is found again by its label, so there is nothing to restore but what reconcile does.
    restore: bordered(reconcile),
  };
}
