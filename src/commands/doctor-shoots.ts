import * as z from 'zod';
import { type GardenShoot, gardenShoot, type SeenGarden } from '../doctor/garden-shoot.ts';
import type { Logger } from '../kube/logger.ts';
import { type KubeObject, keyOf } from '../kube/object.ts';
import { defineResource } from '../kube/resource.ts';
import type { Unseen } from '../providers/doctor.ts';
import { tryTo } from '../providers/try-to.ts';
import type { Garden } from './doctor-lists.ts';

const shoots = defineResource({
  group: 'core.gardener.cloud',
  version: 'v1beta1',
  kind: 'Shoot',
  plural: 'shoots',
  namespaced: true,
});

/** A garden with its Shoots, if they could be read. */
export type ReadGarden = Garden & SeenGarden;

/** The Shoots of all gardens. */
export async function readShoots(
  gardens: readonly Garden[],
  log: Logger,
  signal: AbortSignal,
): Promise<{ readonly gardens: readonly ReadGarden[]; readonly unseen: readonly Unseen[] }> {
  const unseen: Unseen[] = [];
  const read = gardens.map(async (garden): Promise<ReadGarden> => {
    const { name, client } = garden;
    const found = await tryTo({ unseen, signal }, `Shoots of garden ${name}`, async () => {
      const { items } = await client.list(shoots, { signal });
      log.info({ garden: name, shoots: items.length }, 'read a garden');
      return items.map(shootOf);
    });
    return { ...garden, shoots: found };
  });
  return { gardens: await Promise.all(read), unseen };
}

/** One that cannot be read might be of any seed: then nothing is known of the garden. */
function shootOf(object: KubeObject): GardenShoot {
  const parsed = gardenShoot.safeParse(object);
  if (parsed.success) return parsed.data;
  throw new Error(`Shoot ${keyOf(object.metadata)} is not what Gardener stores: ${z.prettifyError(parsed.error)}`);
}
