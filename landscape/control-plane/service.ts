import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  /** A number, or the name of a container's port; the Service's own port when absent. */
  readonly targetPort?: number | string;
}

export interface Service extends KubeObject {
  spec: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly externalName?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly ServicePort[];
  };
}

export interface EndpointSlice extends KubeObject {
  addressType: 'IPv4' | 'IPv6' | 'FQDN';
  endpoints: readonly { readonly addresses: readonly string[]; readonly conditions?: { readonly ready?: boolean } }[];
  ports: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[] | null;
}

/** Address of an endpoint on this machine: Kubernetes forbids loopback addresses and `localhost` there. */
export const THIS_MACHINE = 'machine.landscape.local';

/** Label of an EndpointSlice: the Service whose endpoints it has. */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

export const services = defineResource<Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  namespaced: true,
});

export const endpointSlices = defineResource<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
});

/** Where a port of the Service is served on this machine; undefined while nothing is ready behind it. */
export function localPort({ spec }: Service, slices: readonly EndpointSlice[], port: number): number | undefined {
  const wanted = spec.ports?.find((candidate) => candidate.port === port);
  if (!wanted) return undefined;
  for (const { endpoints, ports } of slices) {
    const isReady = endpoints.some(({ addresses, conditions }) => {
      return conditions?.ready !== false && addresses.includes(THIS_MACHINE);
    });
    const found = ports?.find(({ name }) => (name ?? '') === (wanted.name ?? ''));
    if (isReady && found) return found.port;
  }
  return undefined;
}
