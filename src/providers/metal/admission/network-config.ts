import type { AddressFamily } from '../metal-api/types.ts';
import type { DefaultOptions } from './default-options.ts';

/** What a network type gets where the Shoot has no configuration for it. */
interface NetworkDefaults {
  readonly kubeProxyEnabled: boolean;
  readonly providerConfig: object;
}

/** Types other than calico and cilium have no defaults of metal. */
export function networkDefaults(
  type: string,
  families: readonly AddressFamily[],
  { calico, cilium }: DefaultOptions,
): NetworkDefaults | undefined {
  const isIPv4 = families.includes('IPv4');
  if (type === 'calico') {
    return {
      kubeProxyEnabled: calico.kubeProxyEnabled,
      providerConfig: {
        ...typeMeta(type),
        backend: calico.backend,
        ...(isIPv4 ? { ipv4: { mode: calico.poolMode } } : {}),
        typha: { enabled: calico.typhaEnabled },
      },
    };
  }
  if (type !== 'cilium') return undefined;
  return {
    kubeProxyEnabled: cilium.kubeProxyEnabled,
    providerConfig: {
      ...typeMeta(type),
      hubble: { enabled: cilium.hubbleEnabled },
      tunnel: cilium.tunnel,
      mtu: cilium.mtu,
      devices: cilium.devices,
      directRoutingDevice: cilium.directRoutingDevice,
      loadBalancingMode: cilium.loadBalancingMode,
      ...(isIPv4 ? { ipv4NativeRoutingCIDREnabled: cilium.ipv4NativeRoutingCIDREnabled } : {}),
      bgpControlPlane: { enabled: cilium.bgpControlPlane },
    },
  };
}

const typeMeta = (type: string) => ({
  apiVersion: `${type}.networking.extensions.gardener.cloud/v1alpha1`,
  kind: 'NetworkConfig',
});
