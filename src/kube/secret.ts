import type { KubeObject } from './object.ts';
import { defineResource } from './resource.ts';

export interface Secret extends KubeObject {
  /** Base64 values. */
  data?: Record<string, string>;
  type?: string;
  immutable?: boolean;
}

export const secrets = defineResource<Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
});
