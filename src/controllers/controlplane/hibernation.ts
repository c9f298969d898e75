import type { Shoot } from '../../apis/core/shoot.ts';
import type { KubeClient } from '../../kube/client.ts';
import { deployments } from '../../kube/deployment.ts';

/** `goingDown`: the shoot is to hibernate, but its API server runs still and components may have work to do with it. */
export type Hibernation = 'none' | 'goingDown' | 'down';

export const isHibernationEnabled = (shoot: Shoot): boolean => shoot.spec.hibernation?.enabled === true;

/** A shoot that is deleted or migrated is woken up for it, so its components stay (gardener-contract 3.2). */
export function mayGoDown(shoot: Shoot): boolean {
  const isMigrating = shoot.status?.lastOperation?.type === 'Migrate';
  return isHibernationEnabled(shoot) && !shoot.metadata.deletionTimestamp && !isMigrating;
}

/** Looks for the API server only where it decides. */
export async function findHibernation(
  client: Pick<KubeClient, 'find'>,
  namespace: string,
  shoot: Shoot,
  signal: AbortSignal,
): Promise<Hibernation> {
  if (!mayGoDown(shoot)) return 'none';
  const server = await client.find(deployments, { namespace, name: 'kube-apiserver' }, { signal });
  return (server?.spec?.replicas ?? 0) > 0 ? 'goingDown' : 'down';
}
