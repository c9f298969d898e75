import { machineDeployments, machineSets } from '../../src/apis/machine/machine.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { type Player, startPlayer } from './player.ts';

/** Plays machine-controller-manager for all Shoots: what is asked for is there at once, though no Machine is. */
export function playMachines(client: KubeClient): Promise<Player> {
  const withSet = new Set<string>();
  return startPlayer(client, machineDeployments, ({ metadata, spec }) => {
    const { name, namespace = '', uid = '', generation } = metadata;
    const { replicas = 0, template, selector = {} } = spec;
    const createSet = () => {
      const owner = { apiVersion: 'machine.sapcloud.io/v1alpha1', kind: 'MachineDeployment', name, uid };
      return client.create(machineSets, {
        metadata: { name: `${name}-${template.spec.class.name.slice(-5)}`, namespace, ownerReferences: [owner] },
        spec: { replicas, selector, template },
      });
    };
    const now = new Date().toISOString();
    const condition = { type: 'Available', status: 'True', lastTransitionTime: now, lastUpdateTime: now };
    const counts = { replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
    const status = { observedGeneration: generation, ...counts, conditions: [condition] };
    const report = () =>
      client.mergePatch(machineDeployments, { namespace, name }, { status }, { subresource: 'status' });
    const isNew = !withSet.has(uid);
    withSet.add(uid);
    return isNew ? [createSet, report] : [report];
  });
}
