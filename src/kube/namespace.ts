import type { KubeObject } from './object.ts';
import { defineResource } from './resource.ts';

interface Namespace extends KubeObject {
  status?: { phase?: string };
}

export const namespaces = defineResource<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
});
