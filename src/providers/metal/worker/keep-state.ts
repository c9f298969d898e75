import { infrastructures } from '../../../apis/extensions/resources.ts';
import type { Worker } from '../../../apis/extensions/worker.ts';
import type { Firewall } from '../../../apis/firewall/firewall.ts';
import type { KubeClient } from '../../../kube/client.ts';
import type { Operation } from '../../provider.ts';
import { infrastructureKeyOf } from './facts.ts';
import { changedState, extendedState, type FirewallState } from './firewall-state.ts';

/**
 * Notes the Firewalls where another seed finds them: in the status of the Infrastructure, which gardenlet takes along
 * (gardener-contract 1.12). `noted` is what is written there.
 */
export async function keepState(
  operation: Operation<Worker>,
  kube: KubeClient,
  firewalls: readonly Firewall[],
  noted: unknown,
): Promise<void> {
  await write(operation, kube, changedState(firewalls, noted));
}

/** The same in the middle of a move; `begun`: some may be gone already, so nothing is taken out. */
export async function keepStateOfMove(
  operation: Operation<Worker>,
  kube: KubeClient,
  firewalls: readonly Firewall[],
  begun: boolean,
): Promise<void> {
  const { status } = await kube.get(infrastructures, infrastructureKeyOf(operation), { signal: operation.signal });
  await write(operation, kube, (begun ? extendedState : changedState)(firewalls, status?.state));
}

async function write(operation: Operation<Worker>, kube: KubeClient, state: FirewallState | undefined): Promise<void> {
  if (!state) return;
  const options = { signal: operation.signal, subresource: 'status' } as const;
  await kube.mergePatch(infrastructures, infrastructureKeyOf(operation), { status: { state } }, options);
}
