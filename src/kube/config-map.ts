import type { KubeObject } from './object.ts';
import { defineResource } from './resource.ts';

export interface ConfigMap extends KubeObject {
  data?: Readonly<Record<string, string>>;
}

export const configMaps = defineResource<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
});
