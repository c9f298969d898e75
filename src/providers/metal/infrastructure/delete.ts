import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import { OperationError } from '../../errors.ts';
import type { Operation, Outcome } from '../../provider.ts';
import { endpointOf } from '../cloud-profile.ts';
import { metalApiOf } from './access.ts';
import type { InfrastructureDependencies } from './reconcile.ts';
import { ipSteps, networkSteps } from './release.ts';
import { configOf, type Scope, scopeOf } from './scope.ts';
import { deleteWebhookConfigurations } from './webhook-configurations.ts';

/** Releases IPs, then networks, then the webhook registrations; each step may have been done by an earlier run. */
export async function deleteInfrastructure(
  operation: Operation<Infrastructure>,
  dependencies: InfrastructureDependencies,
): Promise<Outcome<Infrastructure>> {
  const { signal, log } = operation;
  const access = await accessUnlessNothingExists(operation, dependencies);
  if (access) {
    const { api, scope } = access;
    const [ips, networks] = await Promise.all([ipSteps(api, scope, { signal }), networkSteps(api, scope, { signal })]);
    for (const step of [...ips, ...networks]) {
      await step.run();
      log.info({ resource: step.what }, 'released');
    }
  }
  await deleteWebhookConfigurations(dependencies.kube, operation.object.metadata.namespace ?? '', { signal });
  return {};
}

/**
 * Undefined when the configuration never told where to create anything (no project, no partition, or one that no
 * metal-api serves) and the status knows of nothing: such an Infrastructure must be deletable. Credentials do not count:
 * they may have been good when a network was allocated whose CIDR did not reach the status.
 */
async function accessUnlessNothingExists(
  operation: Operation<Infrastructure>,
  dependencies: InfrastructureDependencies,
) {
  const scope = placeUnlessNowhere(operation);
  return scope && { scope, api: await metalApiOf(operation, scope, dependencies) };
}

function placeUnlessNowhere({ object, cluster, log, event }: Operation<Infrastructure>): Scope | undefined {
  try {
    const scope = scopeOf(configOf(object), cluster);
    endpointOf(cluster, scope.partitionID);
    return scope;
  } catch (error) {
    const { nodesCIDR, providerStatus } = object.status ?? {};
    if (nodesCIDR || providerStatus || !isConfigurationProblem(error)) throw error;
    const reason = error.message;
    log.warn({ reason }, 'nothing is released: the configuration never allowed to create anything');
    event('Warning', 'NothingToRelease', `Nothing was ever created, so nothing is released: ${reason}`);
    return undefined;
  }
}

function isConfigurationProblem(error: unknown): error is OperationError {
  return error instanceof OperationError && error.codes.includes('ERR_CONFIGURATION_PROBLEM');
}
