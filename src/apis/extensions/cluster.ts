import * as z from 'zod';
import { cloudProfile } from '../core/cloud-profile.ts';
import { shoot } from '../core/shoot.ts';
import { objectMeta } from '../meta.ts';

/**
 * extensions.gardener.cloud/v1alpha1 Cluster: the Shoot, its CloudProfile and Seed as gardenlet last synced them. Its
 * name is the control-plane namespace. The Seed is absent for self-hosted shoots.
 */
export const cluster = z.looseObject({
  metadata: objectMeta,
  spec: z.looseObject({
    shoot: shoot,
    cloudProfile: cloudProfile.optional(),
    seed: z.unknown().optional(),
  }),
});

export type Cluster = z.infer<typeof cluster>;

/** Name of the Secret with the kubeconfig that all components of a shoot share, as gardenlet last renewed it. */
export function genericKubeconfigSecretOf({ metadata }: Cluster): string {
  return metadata.annotations?.['generic-token-kubeconfig.secret.gardener.cloud/name'] ?? 'generic-token-kubeconfig';
}
