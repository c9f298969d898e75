import type { ExtensionObject } from '../../../apis/extensions/extension.ts';
import { METAL_API_VERSION } from '../../../apis/metal/group.ts';
import type { KubeObject } from '../../../kube/object.ts';
import type { Mutation } from '../../admission.ts';

const kinds = { Infrastructure: 'InfrastructureConfig', ControlPlane: 'ControlPlaneConfig' } as const;

/** apiVersion and kind of the configuration, without which other readers cannot decode it, in their place at its head. */
function withConfigType(kind: keyof typeof kinds, config: object): object {
  return { apiVersion: METAL_API_VERSION, kind: kinds[kind], ...config };
}

/**
 * A configuration without apiVersion and kind gets them, and a ControlPlane without a configuration gets the empty one: all
 * of it is optional. An Infrastructure without one is for the validation to refuse; Workers have none.
 */
export const extensionDefaults: readonly Mutation[] = [
  { kind: 'Infrastructure', apply: (object) => withDefaults('Infrastructure', object) },
  { kind: 'ControlPlane', apply: (object) => withDefaults('ControlPlane', object) },
];

function withDefaults(kind: keyof typeof kinds, object: KubeObject): KubeObject {
  const extension = object as ExtensionObject;
  const config = extension.spec?.providerConfig ?? (kind === 'ControlPlane' ? {} : undefined);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return object;
  const providerConfig = withConfigType(kind, config);
  return { ...extension, spec: { ...extension.spec, providerConfig } } as KubeObject;
}
