import { isDeepStrictEqual } from 'node:util';
import type { KubeClient } from '../../src/kube/client.ts';
import {
  type EndpointSlice,
  endpointSlices,
  SERVICE_NAME_LABEL,
  type Service,
  THIS_MACHINE,
} from '../control-plane/service.ts';
import type { PodTemplate } from './pod-spec.ts';
import { containerPort } from './process-plan.ts';

/** Pods of this template are behind the Service. One without selector has its endpoints from somebody else. */
export function selects({ spec }: Service, { metadata }: PodTemplate): boolean {
  const wanted = Object.entries(spec.selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => metadata?.labels?.[key] === value);
}

/** Where a Service is served on this machine. Ports that no process listens at are left out. */
export function endpointSlice(
  service: Service,
  template: PodTemplate,
  localPort: (port: number) => number | undefined,
  isReady: boolean,
): EndpointSlice {
  const { name, namespace = '', uid = '' } = service.metadata;
  const ports = template.spec.containers.flatMap((container) => container.ports ?? []);
  return {
    addressType: 'FQDN',
    metadata: {
      name: `${name}-landscape`,
      namespace,
      labels: { [SERVICE_NAME_LABEL]: name, 'endpointslice.kubernetes.io/managed-by': 'landscape' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid, controller: true }],
    },
    endpoints: [{ addresses: [THIS_MACHINE], conditions: { ready: isReady } }],
    ports: (service.spec.ports ?? []).flatMap((port) => {
      const local = localPort(containerPort({ ports }, port.targetPort ?? port.port));
      return local ? [{ name: port.name ?? '', port: local, protocol: 'TCP' }] : [];
    }),
  };
}

/** Writes when something is different. */
export async function syncEndpoints(client: KubeClient, wanted: EndpointSlice, signal: AbortSignal): Promise<void> {
  const existing = await client.find(endpointSlices, wanted.metadata, { signal });
  if (!existing) {
    await client.create(endpointSlices, wanted, { signal });
    return;
  }
  const { endpoints, ports } = wanted;
  if (isDeepStrictEqual([existing.endpoints, existing.ports ?? []], [endpoints, ports])) return;
  await client.mergePatch(endpointSlices, wanted.metadata, { endpoints, ports }, { signal });
}
