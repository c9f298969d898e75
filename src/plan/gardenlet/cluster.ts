import type { KubeObject } from '../../kube/object.ts';

/** Cluster as gardenlet writes it. */
export interface GardenCluster extends KubeObject {
  spec: { cloudProfile: object; seed: object; shoot: object };
}

/** Tells extensions which Secret has the kubeconfig that the components of a control plane share. */
const genericKubeconfigAnnotation = 'generic-token-kubeconfig.secret.gardener.cloud/name';

/**
 * The Cluster through which extensions see the garden: whole objects with apiVersion and kind, without managedFields.
 * Its name is the control-plane namespace.
 */
export function clusterObject(
  name: string,
  shoot: KubeObject,
  seed: KubeObject,
  cloudProfile: KubeObject,
  genericKubeconfig?: string,
): GardenCluster {
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
