import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import { toError } from '../../../kube/errors.ts';
import type { Operation, Outcome, ProviderDependencies, StatusPatch } from '../../provider.ts';
import type { MetalApiRegistry } from '../metal-api/registry.ts';
import { metalApiOf } from './access.ts';
import { desiredStatus, familiesOf } from './desired.ts';
import { ensureEgressIPs, findClaimed } from './egress.ts';
import { maintainFirewalls } from './maintenance.ts';
import { ensureNodeNetwork, findNodeNetworks } from './network.ts';
import { configOf, egressIPsOf, scopeOf } from './scope.ts';

export interface InfrastructureDependencies extends ProviderDependencies {
  readonly metalApis: MetalApiRegistry;
}

/** Node network, egress IPs, then the maintenance of the firewalls (metal-provider 3.2). */
export async function reconcile(
  operation: Operation<Infrastructure>,
  dependencies: InfrastructureDependencies,
): Promise<Outcome<Infrastructure>> {
  const config = configOf(operation.object);
  const scope = scopeOf(config, operation.cluster);
  const api = await metalApiOf(operation, scope, dependencies);
  const [networks, claimed] = await Promise.all([
    findNodeNetworks(api, scope, operation.signal),
    findClaimed(api, scope, operation.signal),
  ]);
  const cidrs = await ensureNodeNetwork(api, scope, networks, operation);
  const status = desiredStatus(operation.object, cidrs, familiesOf(operation.cluster.spec.shoot));
  try {
    await ensureEgressIPs(api, scope, { wanted: egressIPsOf(config), claimed }, operation);
    await maintainFirewalls(operation, dependencies);
  } catch (error) {
    await keep(operation, status);
    throw error;
  }
  return { status };
}

/** The node network is known though the run failed: say so, unless the status does already. */
async function keep(operation: Operation<Infrastructure>, status: StatusPatch<Infrastructure>): Promise<void> {
  if (operation.object.status?.nodesCIDR === status.nodesCIDR || operation.signal.aborted) return;
  try {
    await operation.checkpoint(status);
  } catch (error) {
    operation.log.warn({ err: toError(error) }, 'node network could not be noted in the status');
  }
}
