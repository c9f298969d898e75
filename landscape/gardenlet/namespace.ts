import type { Namespace, Seed } from './resources.ts';
import type { ShootObject } from './shoot.ts';

const extensionLabel = 'extensions.gardener.cloud/';
const failureTolerance = 'high-availability-config.resources.gardener.cloud/failure-tolerance-type';
const zonesAnnotation = 'high-availability-config.resources.gardener.cloud/zones';

/**
 * The control-plane namespace with what extensions and their webhooks select on (gardener-contract 3.8). `existing` keeps
 * what others wrote; labels of extensions that the Shoot does not have any more are left out.
 */
export function controlPlaneNamespace(name: string, shoot: ShootObject, seed: Seed, existing?: Namespace): Namespace {
  const kept = Object.entries(existing?.metadata.labels ?? {}).filter(([key]) => !key.startsWith(extensionLabel));
  const annotations = { ...existing?.metadata.annotations };
  const zones = annotations[zonesAnnotation] ?? seed.spec.provider.zones?.[0];
  const networking = shoot.spec.networking?.type;
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: {
        ...Object.fromEntries(kept),
        'gardener.cloud/role': 'shoot',
        'seed.gardener.cloud/provider': seed.spec.provider.type,
        'shoot.gardener.cloud/provider': shoot.spec.provider.type,
        ...(networking ? { 'networking.shoot.gardener.cloud/provider': networking } : {}),
        'backup.gardener.cloud/provider': seed.spec.backup?.provider ?? seed.spec.provider.type,
        ...extensionLabels(shoot),
        'pod-security.kubernetes.io/enforce': 'privileged',
        'high-availability-config.resources.gardener.cloud/consider': 'true',
      },
      annotations: {
        ...annotations,
        'shoot.gardener.cloud/uid': shoot.status?.uid ?? '',
        [failureTolerance]: shoot.spec.controlPlane?.highAvailability?.failureTolerance.type ?? '',
        ...(zones ? { [zonesAnnotation]: zones } : {}),
      },
    },
  };
}

function extensionLabels(shoot: ShootObject): Record<string, string> {
  const wanted = (shoot.spec.extensions ?? []).filter((extension) => !extension.disabled);
  return Object.fromEntries(wanted.map((extension) => [`${extensionLabel}${extension.type}`, 'true']));
}
