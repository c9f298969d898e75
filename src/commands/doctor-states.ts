import * as z from 'zod';
import { decodeMachineState } from '../controllers/worker/machine-state.ts';
import type { StateFact } from '../doctor/garden.ts';
import { clusterOf, type GardenShoot } from '../doctor/garden-shoot.ts';
import { forEachBounded } from '../kube/bounded.ts';
import type { KubeClient } from '../kube/client.ts';
import { toError } from '../kube/errors.ts';
import { keyOf } from '../kube/object.ts';
import { defineResource } from '../kube/resource.ts';
import type { Unseen } from '../providers/doctor.ts';
import type { ReadGarden } from './doctor-shoots.ts';

/** Each may have megabytes. */
const statesAtOnce = 4;

const shootStates = defineResource({
  group: 'core.gardener.cloud',
  version: 'v1beta1',
  kind: 'ShootState',
  plural: 'shootstates',
  namespaced: true,
});

const shootState = z.looseObject({
  spec: z
    .looseObject({ gardener: z.array(z.looseObject({ name: z.string(), data: z.unknown() })).nullish() })
    .nullish(),
});

/**
 * The machines in the ShootStates of these Shoots, by their uids; those of other seeds cannot be compared. Secrets, which a
 * ShootState has as well, are not kept.
 */
export async function readStates(
  gardens: readonly ReadGarden[],
  uids: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<{ readonly states: readonly StateFact[]; readonly unseen: readonly Unseen[] }> {
  const states: StateFact[] = [];
  const unseen = new Map<string, Unseen>();
  const wanted = gardens.flatMap(({ shoots = [], ...garden }) =>
    shoots.filter(({ metadata }) => uids.has(metadata.uid ?? '')).map((shoot) => ({ ...garden, shoot })),
  );
  await forEachBounded(wanted, statesAtOnce, async ({ name, client, shoot }) => {
    try {
      const state = await readState(client, shoot, signal);
      if (state) states.push({ ...state, garden: name });
    } catch (error) {
      signal.throwIfAborted();
      unseen.set(name, { what: `ShootStates of garden ${name}`, reason: toError(error).message });
    }
  });
  return { states, unseen: [...unseen.values()] };
}

/** Undefined for a Shoot without one: only seeds that nobody manages, and moves, write it. */
async function readState(
  kube: KubeClient,
  shoot: GardenShoot,
  signal: AbortSignal,
): Promise<Omit<StateFact, 'garden'> | undefined> {
  const { namespace, name, uid = '' } = shoot.metadata;
  const found = await kube.find(shootStates, { namespace, name }, { signal });
  if (!found) return undefined;
  const about = { object: `ShootState ${keyOf({ namespace, name })}`, cluster: clusterOf(shoot), clusterID: uid };
  return { ...about, providerIDs: await providerIDsIn(found) };
}

async function providerIDsIn(found: unknown): Promise<readonly string[] | undefined> {
  const { data } = shootState.safeParse(found);
  if (!data) return undefined;
  try {
    const entry = data.spec?.gardener?.find((each) => each.name === 'machine-state');
    const deployments = [...(await decodeMachineState(entry?.data)).values()];
    return deployments.flatMap(({ machines }) => machines.flatMap(({ spec }) => spec.providerID ?? []));
  } catch {
    return undefined;
  }
}
