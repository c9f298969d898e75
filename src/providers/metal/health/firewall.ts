import type { ExtensionObject } from '../../../apis/extensions/extension.ts';
import { workers } from '../../../apis/extensions/resources.ts';
import { type FirewallDeployment, firewallDeployments } from '../../../apis/firewall/firewall.ts';
import { SHOOT_FIREWALL } from '../../../apis/firewall/firewall-deployment.ts';
import { type Health, type HealthCheck, healthy, progressing, unhealthy, type Watched, watched } from '../../health.ts';
import { smallConditions, smallMetadata, told } from './small.ts';

/** Longest time for a machine to become a firewall. */
const creationMs = 15 * 60_000;

/** A FirewallDeployment (metal-components C.2, C.6). `workerIsReady`: the Worker, which makes it, has been ready once. */
export function firewallHealth(deployment: FirewallDeployment | undefined, workerIsReady: boolean): Health {
  if (!deployment) {
    return workerIsReady
      ? unhealthy(`FirewallDeployment ${SHOOT_FIREWALL} does not exist: reconcile the Worker, which makes it`)
      : progressing(`FirewallDeployment ${SHOOT_FIREWALL} comes with the Worker, which is not ready yet`, creationMs);
  }
  const stuck = deployment.status?.conditions?.find(
    ({ type, status }) => (type === 'RBACProvisioned' || type === 'Progressing') && status === 'False',
  );
  if (stuck) return unhealthy(`FirewallDeployment ${SHOOT_FIREWALL}: ${told(stuck)}`);
  return replicasHealth(deployment);
}

function replicasHealth({ spec, status }: FirewallDeployment): Health {
  const { readyReplicas: ready = 0, unhealthyReplicas: bad = 0, progressingReplicas: underway = 0 } = status ?? {};
  const target = status?.targetReplicas ?? spec?.replicas ?? 1;
  const text = `firewall deployment only has ${ready}/${target} ready replicas`;
  // A firewall that has been installed counts as unhealthy until its controller has connected.
  if (isReplacing(status) && ready < target) return progressing(text, creationMs);
  if (bad > 0) return unhealthy(`firewall deployment has ${bad} unhealthy replicas`);
  if (ready >= target) return healthy;
  return status === undefined || underway > 0 ? progressing(text, creationMs) : unhealthy(text);
}

/** Its newest set of firewalls has been made, and was not ready yet since. */
const isReplacing = (status: FirewallDeployment['status']): boolean =>
  status?.conditions?.some(({ type, reason }) => type === 'Progressing' && reason === 'NewFirewallSetCreated') ?? false;

export const firewallCheck: HealthCheck = {
  condition: 'SystemComponentsHealthy',
  name: 'firewall',
  run: ({ seed }) =>
    firewallHealth(seed.find(firewallDeployments, SHOOT_FIREWALL), seed.list(workers).some(hasBeenReady)),
};

function hasBeenReady({ status }: ExtensionObject): boolean {
  const { type, state } = status?.lastOperation ?? {};
  return type !== undefined && ((type !== 'Create' && type !== 'Restore') || state === 'Succeeded');
}

export const watchedFirewalls: Watched = watched(firewallDeployments, ({ metadata, spec, status }) => {
  const { targetReplicas, readyReplicas, progressingReplicas, unhealthyReplicas } = status ?? {};
  return {
    metadata: smallMetadata(metadata),
    spec: { ...(spec?.replicas === undefined ? {} : { replicas: spec.replicas }) },
    ...(status && {
      status: {
        ...(targetReplicas === undefined ? {} : { targetReplicas }),
        ...(readyReplicas === undefined ? {} : { readyReplicas }),
        ...(progressingReplicas === undefined ? {} : { progressingReplicas }),
        ...(unhealthyReplicas === undefined ? {} : { unhealthyReplicas }),
        conditions: smallConditions(status.conditions),
      },
    }),
  };
});
