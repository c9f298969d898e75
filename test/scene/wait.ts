import { readiness } from '../../landscape/gardenlet/readiness.ts';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { eventually } from './eventually.ts';
import type { TestShoot } from './shoot.ts';

/** Waits until every Infrastructure is ready by gardenlet's rule; one list for all, as often as needed. */
export function allReady(client: KubeClient, shoots: readonly TestShoot[], timeoutMs = 60_000): Promise<void> {
  return eventually(async () => {
    const { items } = await client.list(infrastructures, { resourceVersion: '0' });
    const byNamespace = new Map(items.map((item) => [item.metadata.namespace, item]));
    for (const shoot of shoots) {
      const object = byNamespace.get(shoot.namespace);
      const state = object ? readiness(object, shoot.timestamp) : { ready: false as const, reason: 'not there' };
      if (!state.ready) throw new Error(`${shoot.namespace}: ${state.reason}`);
    }
  }, timeoutMs);
}

export function allGone(client: KubeClient, shoots: readonly TestShoot[], timeoutMs = 60_000): Promise<void> {
  return eventually(async () => {
    const { items } = await client.list(infrastructures, { resourceVersion: '0' });
    const left = items.filter((item) => shoots.some((shoot) => shoot.namespace === item.metadata.namespace));
    if (left.length > 0)
      throw new Error(
        `${left.length} left: ${left[0]?.metadata.namespace}: ${left[0]?.status?.lastError?.description}`,
      );
  }, timeoutMs);
}
