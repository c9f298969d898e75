import type { CloudProfile } from '../../../apis/core/cloud-profile.ts';
import { type NamespacedCloudProfile, namespacedCloudProfile } from '../../../apis/core/namespaced-cloud-profile.ts';
import { strictCloudProfileConfig } from '../../../apis/metal/cloud-profile-config.ts';
import type { FieldError, Findings, Review } from '../../admission.ts';
import { PROFILE_EXTENT } from './extent.ts';
import { forbidden, indexed } from './field-errors.ts';
import { isDeleted } from './members.ts';
import type { Profile } from './profile.ts';
import { readProviderConfig, readStrictly } from './provider-config.ts';
import { broughtByUpdate } from './ratchet.ts';

const ROOT = 'spec.providerConfig';

type NamespacedReview = Review<NamespacedCloudProfile> & { readonly parent: CloudProfile | undefined };

/**
 * A CloudProfileConfig says which metal-api serves a partition, and a project must not choose that for itself: Shoots
 * would send their credentials there. It has nothing else to say, so a NamespacedCloudProfile says nothing with it.
 */
export function reviewNamespacedCloudProfile(review: NamespacedReview, parent: Profile | undefined): Findings {
  const read = readStrictly(namespacedCloudProfile, review.object, '', PROFILE_EXTENT);
  if (isDeleted(review.object)) return { errors: [], warnings: [] };
  const errors = read.config ? configErrors(read.config) : read.errors;
  return {
    errors: review.old && errors.length > 0 ? broughtByUpdate(errors, errorsOf(review.old)) : errors,
    warnings: read.config && parent ? imageWarnings(read.config, parent) : [],
  };
}

function errorsOf(object: unknown): readonly FieldError[] {
  const read = readStrictly(namespacedCloudProfile, object, '', PROFILE_EXTENT);
  return read.config ? configErrors(read.config) : read.errors;
}

function configErrors(profile: NamespacedCloudProfile): readonly FieldError[] {
  const given = profile.spec.providerConfig;
  const { config, errors } = readProviderConfig(strictCloudProfileConfig, 'CloudProfileConfig', given, ROOT);
  if (!config?.metalControlPlanes || Object.keys(config.metalControlPlanes).length === 0) return errors;
  const text = 'metal control planes come from the parent CloudProfile and cannot be changed for a project';
  return [...errors, forbidden(`${ROOT}.metalControlPlanes`, text)];
}

/** Which image of metal-api belongs to a version is said in the configuration of the controllers, not in a profile. */
function imageWarnings(profile: NamespacedCloudProfile, parent: Profile): string[] {
  return (profile.spec.machineImages ?? []).flatMap(({ name, versions }, index) => {
    const offered = new Set((parent.images.get(name) ?? []).map(({ version }) => version));
    return (versions ?? []).flatMap(({ version }, at) =>
      offered.has(version)
        ? []
        : [
            `${indexed(`${indexed('spec.machineImages', index)}.versions`, at)}.version: ${name} ${version} is not in the ` +
              'parent CloudProfile; it works only if the operator has an image of metal-api for it',
          ],
    );
  });
}
