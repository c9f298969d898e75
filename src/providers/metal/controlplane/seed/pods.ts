import type {
  V1EnvVar,
  V1PodSecurityContext,
  V1SecurityContext,
  V1Volume,
  V1VolumeMount,
} from '@kubernetes/client-node';
import type { ImageName } from '../../images.ts';
import { held } from '../held.ts';
import type { ControlPlaneModel } from '../model.ts';

/** What pods of a control plane have in common (gardener-contract 3.4, 3.6, 3.7). */

/** Of the user `nonroot` in distroless images, which all of these are. */
const NONROOT = 65_532;

export const restrictedPod: V1PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: NONROOT,
  runAsGroup: NONROOT,
  fsGroup: NONROOT,
  seccompProfile: { type: 'RuntimeDefault' },
};

export const restrictedContainer: V1SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** Of a pod that calls metal-api or a storage, and the API server of the shoot. */
export const podLabels = {
  'gardener.cloud/role': 'controlplane',
  'maintenance.gardener.cloud/restart': 'true',
  'networking.gardener.cloud/to-dns': 'allowed',
  'networking.gardener.cloud/to-private-networks': 'allowed',
  'networking.gardener.cloud/to-public-networks': 'allowed',
  'networking.resources.gardener.cloud/to-kube-apiserver-tcp-443': 'allowed',
} as const;

/** Of a pod that also calls the API server of the seed. */
export const seedAccessLabels = { ...podLabels, 'networking.gardener.cloud/to-runtime-apiserver': 'allowed' } as const;

const SHOOT_KUBECONFIG_DIR = '/var/run/secrets/gardener.cloud/shoot/generic-kubeconfig';
export const SHOOT_KUBECONFIG = `${SHOOT_KUBECONFIG_DIR}/kubeconfig`;

/** The path is fixed: the kubeconfig names the token's file by it. */
export const kubeconfigMount: V1VolumeMount = { name: 'kubeconfig', mountPath: SHOOT_KUBECONFIG_DIR, readOnly: true };

export function kubeconfigVolume({ genericKubeconfigSecret }: ControlPlaneModel, component: string): V1Volume {
  const item = (name: string, key: string) => ({ secret: { name, items: [{ key, path: key }], optional: false } });
  const sources = [item(genericKubeconfigSecret, 'kubeconfig'), item(`shoot-access-${component}`, 'token')];
  return { name: 'kubeconfig', projected: { defaultMode: 420, sources } };
}

/** The credentials of metal-api in the Secret that gardenlet keeps. */
export function credential(name: string, key: ControlPlaneModel['metalApi']['credentials']): V1EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: 'cloudprovider', key } } };
}

/** Annotations of a pod template: it rolls when one of the Secrets changes. */
export function checksumsOf({ checksums }: ControlPlaneModel, ...secrets: readonly string[]): Record<string, string> {
  return Object.fromEntries(secrets.map((name) => [`checksum/secret-${name}`, held(checksums, name)]));
}

export function image({ images, imagePullPolicy }: ControlPlaneModel, name: ImageName) {
  return { image: images(name), imagePullPolicy };
}
