import type { Mutation } from '../../admission.ts';
import { withCredentialsChecksum } from './checksum.ts';
import { withFlag, withoutFlags } from './flags.ts';
import { withContainers, withPodMetadata, withTemplate } from './workload.ts';

const isManager = (name: string) => name === 'kube-controller-manager';
const labels = Object.fromEntries(
  ['to-public-networks', 'to-private-networks', 'to-blocked-cidrs'].map((to) => [
    `networking.gardener.cloud/${to}`,
    'allowed',
  ]),
);

/** kube-controller-manager, also the one of a virtual garden: metal-ccm is its cloud provider. */
export const kubeControllerManager: Mutation = {
  kind: 'Deployment',
  names: ['kube-controller-manager', 'virtual-garden-kube-controller-manager'],
  needs: ['credentials'],
  apply: (object, { credentials }) =>
    withTemplate(object, (template) => {
      const managed = withContainers(template, isManager, (container) =>
        withFlag(
          withoutFlags(container, ['--cloud-config=', '--external-cloud-volume-plugin=']),
          '--cloud-provider',
          'external',
        ),
      );
      return withCredentialsChecksum(withPodMetadata(managed, { labels }), credentials);
    }),
};
