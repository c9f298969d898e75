import type { AdmissionRules } from '../../admission.ts';
import { reviewCloudProfile } from './cloud-profile-rules.ts';
import { reviewCredentials } from './credential-rules.ts';
import { type DefaultOptions, readDefaultOptions } from './default-options.ts';
import { validateExtension } from './extension-rules.ts';
import { bounded } from './field-errors.ts';
import { reviewNamespacedCloudProfile } from './namespaced-cloud-profile-rules.ts';
import { createProfileReader } from './profile.ts';
import { defaultShoot } from './shoot-defaults.ts';
import { reviewShoot } from './shoot-rules.ts';

export interface AdmissionRulesOptions {
  /** From `readDefaultOptions(process.env)`; the built-in ones when absent. */
  readonly defaults?: DefaultOptions | undefined;
}

/** The rules of provider type `metal`. */
export function createAdmissionRules(options: AdmissionRulesOptions = {}): AdmissionRules {
  const defaults = options.defaults ?? readDefaultOptions({}).options;
  const profileOf = createProfileReader();
  return {
    validateShoot: (review) => bounded(reviewShoot(review, profileOf(review.profile))),
    defaultShoot: (review) => defaultShoot(review, profileOf(review.profile), defaults),
    validateCloudProfile: (review) => bounded(reviewCloudProfile(review)),
    validateNamespacedCloudProfile: (review) => bounded(reviewNamespacedCloudProfile(review, profileOf(review.parent))),
    validateCredentials: reviewCredentials,
    validateExtension: (review) => bounded(validateExtension(review)),
  };
}
