import type { MachineImageVersion, MachineType } from '../../../apis/core/cloud-profile.ts';
import type { Profile } from './profile.ts';

const CAPABILITY = 'architecture';
/** What Gardener takes where nothing is said. */
export const DEFAULT_ARCHITECTURE = 'amd64';

type Capabilities = Profile['capabilities'];

/** Architectures of a machine image; with machineCapabilities they are said in flavours. */
export function imageArchitectures(version: MachineImageVersion, capabilities: Capabilities): readonly string[] {
  const flavors = version.capabilityFlavors ?? [];
  if (flavors.length > 0) return flavors.flatMap((flavor) => flavor[CAPABILITY] ?? declared(capabilities));
  if (version.architectures && version.architectures.length > 0) return version.architectures;
  return declared(capabilities);
}

export function typeArchitectures(type: MachineType, capabilities: Capabilities): readonly string[] {
  const own = type.capabilities?.[CAPABILITY];
  if (own && own.length > 0) return own;
  return type.architecture ? [type.architecture] : declared(capabilities);
}

function declared(capabilities: Capabilities): readonly string[] {
  return capabilities.find(({ name }) => name === CAPABILITY)?.values ?? [DEFAULT_ARCHITECTURE];
}
