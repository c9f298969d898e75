import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import type { Mutation } from '../../admission.ts';
import { type Container, type EnvVar, withContainers, withEnv, withTemplate } from './workload.ts';

const current = 'SHOOT_NODE_NETWORKS';
/** What the VPN read up to Gardener 1.8x; there it runs beside kube-apiserver as `vpn-seed`. */
const former = 'NODE_NETWORK';
const formerContainer = 'vpn-seed';

/**
 * Tells a container of the VPN where the nodes are, if it does not know. gardenlet sets the networks itself, but empty as
 * long as the Shoot does not have them; what it has set stays, it may be more than one network.
 */
export function withNodeNetworks(container: Container, networks: Omit<EnvVar, 'name'>): Container {
  const variables = container.env ?? [];
  const known = variables.find(({ name }) => name === current);
  if (known && (known.value || known.valueFrom)) return container;
  const isFormer = !known && (container.name === formerContainer || variables.some(({ name }) => name === former));
  return withEnv(container, { name: isFormer ? former : current, ...networks });
}

/** All node networks of the infrastructure, the first one first; undefined when they are not known yet. */
export function nodeNetworks(infrastructure: Infrastructure | undefined): string | undefined {
  const { nodesCIDR, networking } = infrastructure?.status ?? {};
  const all = [...(nodesCIDR ? [nodesCIDR] : []), ...(networking?.nodes ?? [])];
  return all.length > 0 ? [...new Set(all)].join(',') : undefined;
}

/** The server of the VPN: a Deployment, or a StatefulSet in highly available control planes. */
export const vpnSeedServer: readonly Mutation[] = (['Deployment', 'StatefulSet'] as const).map((kind) => ({
  kind,
  names: ['vpn-seed-server'],
  needs: ['infrastructure'],
  apply(object, { infrastructure }) {
    const networks = nodeNetworks(infrastructure);
    if (!networks) return object;
    return withTemplate(object, (template) =>
      withContainers(
        template,
        (name) => name === 'vpn-seed-server',
        (container) => withNodeNetworks(container, { value: networks }),
      ),
    );
  },
}));
