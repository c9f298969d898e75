import type { KubeClient } from '../../src/kube/client.ts';
import { parseKey } from '../../src/kube/object.ts';
import { bindingSubresource, shoots } from './resources.ts';

/** What gardener-scheduler does where there is one seed: binds a Shoot that has none, through shoots/binding. */
export async function bindToSeed(
  garden: KubeClient,
  key: string,
  seedName: string,
  signal: AbortSignal,
): Promise<void> {
  const shoot = await garden.find(shoots, parseKey(key), { signal });
  if (!shoot || shoot.spec.seedName || shoot.metadata.deletionTimestamp) return;
  const patch = { spec: { seedName } };
  await garden.mergePatch(shoots, parseKey(key), patch, { subresource: bindingSubresource, signal });
}
