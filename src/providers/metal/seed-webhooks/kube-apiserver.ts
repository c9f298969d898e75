import type { Cluster } from '../../../apis/extensions/cluster.ts';
import type { Mutation } from '../../admission.ts';
import { withCredentialsChecksum } from './checksum.ts';
import { withFlagValue, withoutFlags, withoutFlagValue } from './flags.ts';
import { isBefore } from './kubernetes-version.ts';
import { nodeNetworks, withNodeNetworks } from './vpn.ts';
import { type Container, type PodTemplate, withContainers, withTemplate } from './workload.ts';

const plugin = 'PersistentVolumeLabel';

/** kube-apiserver, also the one of a virtual garden: no cloud provider of its own, node networks for its VPN clients. */
export const kubeApiserver: Mutation = {
  kind: 'Deployment',
  names: ['kube-apiserver', 'virtual-garden-kube-apiserver'],
  needs: ['cluster', 'infrastructure', 'credentials'],
  apply: (object, { cluster, infrastructure, credentials }) =>
    withTemplate(object, (template) => {
      const served = withContainers(template, isServer, (container) => withServerFlags(container, cluster));
      return withCredentialsChecksum(withVpnClients(served, nodeNetworks(infrastructure)), credentials);
    }),
};

const isServer = (name: string) => name === 'kube-apiserver';

/** The admission plugin labelled volumes of clouds in the tree; it is unknown from 1.31 on. */
function withServerFlags(container: Container, cluster: Cluster | undefined): Container {
  const bare = withoutFlags(container, ['--cloud-provider=', '--cloud-config=']);
  if (!isBefore(cluster?.spec.shoot, 1, 31)) return bare;
  return withFlagValue(
    withoutFlagValue(bare, '--enable-admission-plugins', plugin),
    '--disable-admission-plugins',
    plugin,
  );
}

/** `vpn-client-0`, `vpn-path-controller` ...: they exist in highly available control planes. */
function withVpnClients(template: PodTemplate, networks: string | undefined): PodTemplate {
  if (!networks) return template;
  const isClient = (name: string) =>
    name === 'vpn-seed' || name === 'vpn-path-controller' || name.startsWith('vpn-client-');
  return withContainers(template, isClient, (container) => withNodeNetworks(container, { value: networks }));
}
