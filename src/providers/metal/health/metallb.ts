import { configMaps } from '../../../kube/config-map.ts';
import { type Health, type HealthCheck, healthy, progressing, unhealthy } from '../../health.ts';

/** Where the sidecar of MetalLB's controller tells how it does (metal-provider 3.5). */
const key = { namespace: 'metallb-system', name: 'health' };
const silentMs = 5 * 60_000;

export function metallbHealth(data: Readonly<Record<string, string>> | undefined): Health {
  if (!data) return progressing('MetalLB has not told yet how it does; is its controller running?', silentMs);
  const loaded = booleanOf(data.configLoaded);
  const stale = booleanOf(data.configStale);
  if (loaded === undefined || stale === undefined) {
    return unhealthy(
      `ConfigMap ${key.namespace}/${key.name} of MetalLB must say true or false of configLoaded and configStale`,
    );
  }
  if (!loaded) return unhealthy('metallb configmap is not loaded');
  return stale
    ? unhealthy('metallb configmap is stale / erroneous, next speaker reload may interrupt workload traffic')
    : healthy;
}

/** What Go's ParseBool takes. */
function booleanOf(text = ''): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : undefined;
}

/** Every cluster has MetalLB unless its network announces load balancers by itself. */
export const metallbCheck: HealthCheck = {
  condition: 'SystemComponentsHealthy',
  name: 'metallb',
  async run({ cluster, shoot, signal }) {
    if (cluster.spec.shoot.spec.networking?.type === 'cilium') return healthy;
    const configMap = await (await shoot()).find(configMaps, key, { signal });
    return metallbHealth(configMap && (configMap.data ?? {}));
  },
};
