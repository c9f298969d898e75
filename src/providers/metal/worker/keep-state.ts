import { infrastructures } from '../../../apis/extensions/resources.ts';
import type { Worker } from '../../../apis/extensions/worker.ts';
import type { Firewall } from '../../../apis/firewall/firewall.ts';
import type { KubeClient } from '../../../kube/client.ts';
import type { Operation } from '../../provider.ts';
import { infrastructureKeyOf } from './facts.ts';
import { changedState, extendedState } from './firewall-state.ts';

/**
 * Notes the Firewalls where another seed finds them: in the status of the Infrastructure, which gardenlet takes along
 * (gardener-contract 1.12). `extend` takes nothing out.
 */
export async function keepState(
  operation: Operation<Worker>,
  kube: KubeClient,
  firewalls: readonly Firewall[],
  { extend = false } = {},
): Promise<void> {
  const { signal } = operation;
  const key = infrastructureKeyOf(operation);
  const infrastructure = await kube.get(infrastructures, key, { signal });
  const current = infrastructure.status?.state;
  const state = extend ? extendedState(firewalls, current) : changedState(firewalls, current);
  if (!state) return;
  await kube.mergePatch(infrastructures, key, { status: { state } }, { signal, subresource: 'status' });
}
