import { managedResources } from '../../src/apis/resources/managed-resource.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { type Player, startPlayer } from './player.ts';

/** Plays gardener-resource-manager for seed and shoots: it says that all is applied, and applies nothing. */
export function playResources(client: KubeClient): Promise<Player> {
  return startPlayer(client, managedResources, ({ metadata: { namespace = '', name, generation } }) => {
    const now = new Date().toISOString();
    const conditions = Object.entries({
      ResourcesApplied: 'True',
      ResourcesHealthy: 'True',
      ResourcesProgressing: 'False',
    }).map(([type, status]) => ({
      type,
      status,
      reason: 'Bench',
      message: '',
      lastTransitionTime: now,
      lastUpdateTime: now,
    }));
    const status = { observedGeneration: generation, conditions };
    return [() => client.mergePatch(managedResources, { namespace, name }, { status }, { subresource: 'status' })];
  });
}
