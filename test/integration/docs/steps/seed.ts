import type { Step } from '../step.ts';
import { admission, created } from './objects.ts';

const storagePolicy = {
  apiVersion: 'metal-stack.io/v1',
  kind: 'ClusterwideNetworkPolicy',
  metadata: { namespace: 'firewall', name: 'allow-to-storage' },
  spec: {},
};

/** What an operator does while Espalier runs. */
export const seedSteps: readonly Step[] = [
  {
    command: `kubectl -n garden rollout restart deployment ${admission}`,
    effect: `kubectl -n garden rollout status deployment ${admission} --timeout=30s`,
  },
  {
    command: 'kubectl -n firewall delete clusterwidenetworkpolicy allow-to-storage',
    before: created(storagePolicy),
  },

  {
    command: 'kubectl -n <control-plane namespace> delete secret -l manager-identity=provider-metal-controlplane',
    prints: 'secret "ca-provider-metal-controlplane-',
  },
  {
    command:
      'kubectl -n <namespace of the extension> delete secret -l manager-identity=gardener-extension-provider-metal-webhook',
    prints: 'secret "ca-provider-metal-webhook-',
  },
];
