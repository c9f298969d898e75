import { isIP } from 'node:net';
import type { KubeObject } from '../../../../kube/object.ts';
import { networkPolicy } from '../../../objects.ts';
import { splitEndpoint } from '../addresses.ts';
import type { ControlPlaneModel } from '../model.ts';
import { clusterwidePolicy, storagePorts } from '../shoot/network-policies.ts';

/** What the control plane may reach beyond what Gardener allows (metal-provider 4.2). */
export function networkPolicies(model: ControlPlaneModel): readonly KubeObject[] {
  return [...toIngressController(model), ...toStorage(model)];
}

/** metal-api may be served by an ingress controller of the seed itself, in a namespace that Gardener does not know. */
function toIngressController({ namespace, ingressController }: ControlPlaneModel): readonly KubeObject[] {
  if (!ingressController) return [];
  const peer = {
    podSelector: { matchLabels: { ...ingressController.podSelector } },
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': ingressController.namespace } },
  };
  const allow = networkPolicy({
    metadata: { name: 'allow-to-ingress-controller', namespace },
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ ports: [80, 443].map((port) => ({ port, protocol: 'TCP' })), to: [peer] }],
    },
  });
  return [allow];
}

/**
 * Where the seed is behind a firewall of metal-stack, that lets duros-controller through to the storage. One policy for each
 * shoot: ManagedResources of several shoots must not own the same object. IPv4 only, for an IPv6 address would make
 * firewall-controller 2.5.0 refuse all rules of the seed.
 */
function toStorage({ namespace, duros }: ControlPlaneModel): readonly KubeObject[] {
  const hosts = (duros?.endpoints ?? []).map((endpoint) => splitEndpoint(endpoint)?.host ?? '');
  const cidrs = hosts.filter((host) => isIP(host) === 4).map((host) => `${host}/32`);
  // An empty list would allow everything.
  if (cidrs.length === 0) return [];
  return [
    clusterwidePolicy(`allow-to-storage-${namespace}`, [{ ports: storagePorts, to: cidrs.map((cidr) => ({ cidr })) }]),
  ];
}
