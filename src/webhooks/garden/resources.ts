import type { CloudProfile } from '../../apis/core/cloud-profile.ts';
import type { NamespacedCloudProfile } from '../../apis/core/namespaced-cloud-profile.ts';
import type { KubeObject } from '../../kube/object.ts';
import { defineResource } from '../../kube/resource.ts';

interface StoredCloudProfile extends KubeObject {
  spec: CloudProfile['spec'];
}

interface StoredNamespacedCloudProfile extends KubeObject {
  spec: NamespacedCloudProfile['spec'];
  status?: NamespacedCloudProfile['status'];
}

export const cloudProfiles = defineResource<StoredCloudProfile>({
  group: 'core.gardener.cloud',
  version: 'v1beta1',
  kind: 'CloudProfile',
  plural: 'cloudprofiles',
  namespaced: false,
});

export const namespacedCloudProfiles = defineResource<StoredNamespacedCloudProfile>({
  group: 'core.gardener.cloud',
  version: 'v1beta1',
  kind: 'NamespacedCloudProfile',
  plural: 'namespacedcloudprofiles',
  namespaced: true,
});
