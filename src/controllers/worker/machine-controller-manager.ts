import type { MachineDeployment } from '../../apis/machine/machine.ts';
import type { KubeClient } from '../../kube/client.ts';
import { deployments } from '../../kube/deployment.ts';
import { defineResource } from '../../kube/resource.ts';
import type { ObservedMachines } from './availability.ts';
import { classOf, isOwnedBy } from './availability.ts';
import type { WantedDeployment } from './wanted.ts';

/** What gardenlet deploys beside the control plane; only its scale is an extension's business (gardener-contract 2.8). */

const name = 'machine-controller-manager';
export const machineFinalizers: readonly string[] = [
  'machine.sapcloud.io/machine-controller-manager',
  'machine.sapcloud.io/machine-controller',
];
/** A MachineDeployment without a MachineSet is not worth mentioning before. */
const stuckAfterMs = 120_000;

const pods = defineResource({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true });

/** Replicas that it is to have; undefined when it is not there. */
export async function replicasOfManager(
  kube: KubeClient,
  namespace: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const found = await kube.find(deployments, { namespace, name }, { signal });
  return found && (found.spec?.replicas ?? 1);
}

/** False when it is not there. */
export async function scaleManager(
  kube: KubeClient,
  namespace: string,
  replicas: number,
  signal: AbortSignal,
): Promise<boolean> {
  const current = await replicasOfManager(kube, namespace, signal);
  if (current === undefined) return false;
  if (current !== replicas) await kube.mergePatch(deployments, { namespace, name }, { spec: { replicas } }, { signal });
  return true;
}

/** True when it has taken a MachineDeployment into its care, and yet does nothing for it. */
export function isStuck(wanted: readonly WantedDeployment[], observed: ObservedMachines, nowMs: number): boolean {
  return wanted.some((one) => {
    const live = observed.deployments.find(({ metadata }) => metadata.name === one.name);
    return live !== undefined && isIgnored(live, one.className, observed, nowMs);
  });
}

function isIgnored(live: MachineDeployment, className: string, { sets }: ObservedMachines, nowMs: number): boolean {
  const { finalizers = [], creationTimestamp = '' } = live.metadata;
  const isOld = nowMs - Date.parse(creationTimestamp) >= stuckAfterMs;
  const isTaken = finalizers.includes(machineFinalizers[0] ?? '');
  return isOld && isTaken && !sets.some((set) => isOwnedBy(set, live) && classOf(set) === className);
}

export async function restartManager(kube: KubeClient, namespace: string, signal: AbortSignal): Promise<void> {
  await kube.deleteCollection(pods, { namespace, labelSelector: `role=${name}` }, { signal });
}
