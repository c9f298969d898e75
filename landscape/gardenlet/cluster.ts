import type { KubeObject } from '../../src/kube/object.ts';
import type { CloudProfile, ClusterObject, Seed } from './resources.ts';
import type { ShootObject } from './shoot.ts';

/** Tells extensions which Secret has the kubeconfig that the components of a control plane share. */
const genericKubeconfigAnnotation = 'generic-token-kubeconfig.secret.gardener.cloud/name';

/**
 * The Cluster through which extensions see the garden: whole objects with apiVersion and kind, without managedFields.
 * Its name is the control-plane namespace.
 */
export function clusterObject(
  name: string,
  shoot: ShootObject,
  seed: Seed,
  cloudProfile: CloudProfile,
  genericKubeconfig?: string,
): ClusterObject {
  return {
    apiVersion: 'extensions.gardener.cloud/v1alpha1',
    kind: 'Cluster',
    metadata: {
      name,
      ...(genericKubeconfig ? { annotations: { [genericKubeconfigAnnotation]: genericKubeconfig } } : {}),
    },
    spec: {
      cloudProfile: embedded('CloudProfile', cloudProfile),
      seed: embedded('Seed', seed),
      shoot: embedded('Shoot', shoot),
    },
  };
}

function embedded(kind: string, object: KubeObject): object {
  const { managedFields: _dropped, ...metadata } = object.metadata;
  return { ...object, apiVersion: 'core.gardener.cloud/v1beta1', kind, metadata };
}
