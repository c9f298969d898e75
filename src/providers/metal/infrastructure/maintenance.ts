import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import { firewallDeployments } from '../../../apis/firewall/firewall.ts';
import { MAINTAIN_ANNOTATION, SHOOT_FIREWALL } from '../../../apis/firewall/firewall-deployment.ts';
import { isNotFound } from '../../../kube/errors.ts';
import type { Operation, ProviderDependencies } from '../../provider.ts';
import { inMaintenanceWindow } from './maintenance-window.ts';

/**
 * Tells firewall-controller-manager that the maintenance window is open. Gardener reconciles an unchanged Infrastructure
 * only in that window, so this is the moment.
 */
export async function maintainFirewalls(
  operation: Operation<Infrastructure>,
  { kube, clock }: Pick<ProviderDependencies, 'kube' | 'clock'>,
): Promise<void> {
  const { object, cluster, signal } = operation;
  if (neverCreated(object)) return;
  if (!inMaintenanceWindow(cluster.spec.shoot.spec.maintenance?.timeWindow, clock.now())) return;
  const key = { namespace: object.metadata.namespace, name: SHOOT_FIREWALL };
  const deployment = await kube.find(firewallDeployments, key, { signal });
  if (!deployment || deployment.metadata.deletionTimestamp) return;
  if (deployment.metadata.annotations?.[MAINTAIN_ANNOTATION] === 'true') return;
  const { uid } = deployment.metadata;
  try {
    const metadata = { uid, annotations: { [MAINTAIN_ANNOTATION]: 'true' } };
    await kube.mergePatch(firewallDeployments, key, { metadata }, { signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** The Worker makes the FirewallDeployment, and it comes after the first success of the Infrastructure. */
function neverCreated({ status }: Infrastructure): boolean {
  const last = status?.lastOperation;
  return !last || (last.type === 'Create' && last.state !== 'Succeeded');
}
