import type { V1LabelSelector } from '@kubernetes/client-node';
import type { KubeObject } from '../../../../kube/object.ts';
import { networkPolicy } from '../../../objects.ts';

const inKubeSystem = { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } };
const both = (port: number) => [
  { port, protocol: 'UDP' },
  { port, protocol: 'TCP' },
];

/** Lets pods reach the API server, wherever it is, and DNS: CoreDNS listens at 8053, node-local-dns and others at 53. */
export function allowToApiServer(name: string, namespace: string, podSelector: V1LabelSelector): KubeObject {
  return networkPolicy({
    metadata: {
      name,
      namespace,
      annotations: { description: 'Allows traffic to the API server and to DNS.' },
    },
    spec: {
      podSelector,
      policyTypes: ['Egress'],
      egress: [
        { ports: [{ port: 443, protocol: 'TCP' }] },
        {
          ports: both(8053),
          to: [{ namespaceSelector: inKubeSystem, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
        },
        {
          ports: both(53),
          to: [
            { namespaceSelector: inKubeSystem, podSelector: { matchLabels: { 'k8s-app': 'node-local-dns' } } },
            { ipBlock: { cidr: '0.0.0.0/0' } },
            { ipBlock: { cidr: '::/0' } },
          ],
        },
      ],
    },
  });
}

/** Whatever no other policy of the namespace allows is denied. */
export const denyAll = (namespace: string): KubeObject =>
  networkPolicy({
    metadata: {
      name: `deny-all-${namespace}`,
      namespace,
      annotations: { description: 'Denies all traffic of this namespace that no other policy allows.' },
    },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  });
