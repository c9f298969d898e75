import type { KubeObject } from '../../../../kube/object.ts';
import { networkPolicy } from '../../../objects.ts';
import { allowToApiServer, denyAll } from './apiserver-policy.ts';

const METRICS = 7472;
const CONVERSION = 9443;
const MEMBERLIST = 7946;
const BGP = 179;

const tcp = (port: number) => ({ protocol: 'TCP', port });
const speakers = { matchLabels: { component: 'speaker' } };
const everyPod = { namespaceSelector: {}, podSelector: {} };
/** The way of the API server, which asks for conversions, into the shoot. */
const vpn = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
  podSelector: {
    matchLabels: { app: 'vpn-shoot', 'gardener.cloud/role': 'system-component', origin: 'gardener', type: 'tunnel' },
  },
};

export function metallbPolicies(namespace: string, nodeCIDRs: readonly string[]): readonly KubeObject[] {
  const nodes = nodeCIDRs.map((cidr) => ({ ipBlock: { cidr } }));
  const memberlist = [tcp(MEMBERLIST), { protocol: 'UDP', port: MEMBERLIST }];
  const metadata = (name: string, description: string) => ({ name, namespace, annotations: { description } });
  return [
    allowToApiServer('allow-metallb-to-apiserver', namespace, {
      matchExpressions: [{ key: 'component', operator: 'In', values: ['speaker', 'controller'] }],
    }),
    networkPolicy({
      metadata: metadata('allow-controller', 'Allows conversions from the API server, and metrics.'),
      spec: {
        podSelector: { matchLabels: { component: 'controller' } },
        policyTypes: ['Ingress'],
        ingress: [
          { ports: [tcp(CONVERSION)], from: [vpn] },
          { ports: [tcp(METRICS)], from: [everyPod] },
        ],
      },
    }),
    networkPolicy({
      metadata: metadata('allow-speaker', 'Allows BGP with the nodes, the memberlist of the speakers, and metrics.'),
      spec: {
        podSelector: speakers,
        policyTypes: ['Egress', 'Ingress'],
        egress: [
          { ports: [tcp(BGP)], to: nodes },
          { ports: memberlist, to: [{ podSelector: speakers }] },
        ],
        ingress: [
          { ports: [tcp(BGP)], from: nodes },
          { ports: memberlist, from: [{ podSelector: speakers }] },
          { ports: [tcp(METRICS)], from: [everyPod] },
        ],
      },
    }),
    denyAll(namespace),
  ];
}
