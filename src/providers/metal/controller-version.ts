import type { MetalControlPlane } from '../../apis/metal/cloud-profile-config.ts';
import { newest } from './versions.ts';

export type ControllerVersion = NonNullable<MetalControlPlane['firewallControllerVersions']>[number];

/** Whether a Shoot leaves the choice to us. */
export const isAutomatic = (wanted: string | undefined): boolean => !wanted || wanted === 'auto';

/**
 * The firewall-controller that a Shoot gets: the newest that is classified as supported, or exactly the one that it
 * names, whatever its classification (metal-provider 1.9). Undefined when the profile has none.
 */
export function controllerVersionFor(
  available: readonly ControllerVersion[] | undefined,
  wanted: string | undefined,
): ControllerVersion | undefined {
  const versions = available ?? [];
  if (!isAutomatic(wanted)) return versions.find(({ version }) => version === wanted);
  const supported = versions.filter(({ classification }) => classification === 'supported');
  return newest(supported, ({ version }) => version ?? '');
}
