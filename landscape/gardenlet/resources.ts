import type { OperatingSystemConfig } from '../../src/apis/extensions/operating-system-config.ts';
import type { Subresource } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';
import type { ShootObject } from './shoot.ts';

export interface Secret extends KubeObject {
  type?: string;
  /** Values are base64. */
  data?: Record<string, string>;
  stringData?: Record<string, string>;
  immutable?: boolean;
}

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

export interface Namespace extends KubeObject {
  spec?: { finalizers?: string[] };
  status?: { phase?: string };
}

export interface Project extends KubeObject {
  spec?: { namespace?: string };
}

export interface Seed extends KubeObject {
  spec: { provider: { type: string; region: string; zones?: string[] }; backup?: { provider: string } };
}

export interface CloudProfile extends KubeObject {
  spec: {
    type: string;
    providerConfig?: unknown;
    machineTypes?: { name: string; cpu: string; gpu?: string; memory: string }[];
  };
}

export interface CredentialsBinding extends KubeObject {
  credentialsRef: { apiVersion: string; kind: string; name: string; namespace: string };
}

/** Cluster as gardenlet writes it: whole objects, with apiVersion and kind. */
export interface ClusterObject extends KubeObject {
  spec: { cloudProfile: object; seed: object; shoot: object };
}

const core = { group: 'core.gardener.cloud', version: 'v1beta1' } as const;
const kubernetes = { group: '', version: 'v1' } as const;

export const shoots = defineResource<ShootObject>({ ...core, kind: 'Shoot', plural: 'shoots', namespaced: true });
export const projects = defineResource<Project>({ ...core, kind: 'Project', plural: 'projects', namespaced: false });
export const seeds = defineResource<Seed>({ ...core, kind: 'Seed', plural: 'seeds', namespaced: false });
export const cloudProfiles = defineResource<CloudProfile>({
  ...core,
  kind: 'CloudProfile',
  plural: 'cloudprofiles',
  namespaced: false,
});
export const credentialsBindings = defineResource<CredentialsBinding>({
  group: 'security.gardener.cloud',
  version: 'v1alpha1',
  kind: 'CredentialsBinding',
  plural: 'credentialsbindings',
  namespaced: true,
});
export const configMaps = defineResource<ConfigMap>({
  ...kubernetes,
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
});
export const operatingSystemConfigs = defineResource<OperatingSystemConfig>({
  group: 'extensions.gardener.cloud',
  version: 'v1alpha1',
  kind: 'OperatingSystemConfig',
  plural: 'operatingsystemconfigs',
  namespaced: true,
});
export const secrets = defineResource<Secret>({ ...kubernetes, kind: 'Secret', plural: 'secrets', namespaced: true });
export const serviceAccounts = defineResource({
  ...kubernetes,
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
});
export const namespaces = defineResource<Namespace>({
  ...kubernetes,
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
});
export const clusters = defineResource<ClusterObject>({
  group: 'extensions.gardener.cloud',
  version: 'v1alpha1',
  kind: 'Cluster',
  plural: 'clusters',
  namespaced: false,
});

/** The kit's type names only what the product writes to; the transport takes any name. */
const subresource = (name: string): Subresource => name as Subresource;
/** `shoots/binding`: how gardener-scheduler sets spec.seedName. */
export const bindingSubresource = subresource('binding');
/** `namespaces/finalize`: the only way to change spec.finalizers of a Namespace. */
export const finalizeSubresource = subresource('finalize');
