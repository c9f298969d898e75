import type { Mutation } from '../../admission.ts';
import { withNodeNetworks } from './vpn.ts';
import { type Container, withContainers, withEnv, withTemplate } from './workload.ts';

/**
 * Written by the extension into kube-system: a request from a shoot does not tell which Shoot it is from, and its node
 * network is known there. Optional, because without it the VPN works as far as gardenlet has configured it.
 */
const nodeNetwork = {
  valueFrom: { configMapKeyRef: { name: 'shoot-info-node-cidr', key: 'node-cidr', optional: true } },
};

const isVpnContainer = (name: string) => name.startsWith('vpn-shoot');

/** The client of the VPN: a Deployment, or a StatefulSet in Shoots with a highly available control plane. */
export const vpnShoot: readonly Mutation[] = (['Deployment', 'StatefulSet'] as const).map((kind) => ({
  kind,
  names: ['vpn-shoot'],
  apply: (object) =>
    withTemplate(object, (template) =>
      withContainers(template, isVpnContainer, (container) => withNodeNetworks(container, nodeNetwork)),
    ),
}));

/** Interfaces of metal's machines, which Felix must find for its eBPF data plane. */
const felix: Readonly<Record<string, string>> = {
  FELIX_BPFDATAIFACEPATTERN:
    '^((en|wl|ww|sl|ib)[Popsx].*|(lan|eth|wlan|wwan).*|tunl0$|vxlan.calico$|wireguard.cali$|wg-v6.cali$)',
  FELIX_BPFEXTERNALSERVICEMODE: 'DSR',
  FELIX_MTUIFACEPATTERN: 'lan',
  FELIX_BPFCONNECTTIMELOADBALANCING: 'Enabled',
};

/** What Go's ParseBool takes for true. */
const truths = ['1', 't', 'T', 'true', 'TRUE', 'True'];

export const calicoNode: Mutation = {
  kind: 'DaemonSet',
  names: ['calico-node'],
  apply: (object) =>
    withTemplate(object, (template) => withContainers(template, (name) => name === 'calico-node', withFelix)),
};

function withFelix(container: Container): Container {
  const enabled = container.env?.find(({ name }) => name === 'FELIX_BPFENABLED')?.value ?? '';
  if (!truths.includes(enabled)) return container;
  return Object.entries(felix).reduce((changed, [name, value]) => withEnv(changed, { name, value }), container);
}
