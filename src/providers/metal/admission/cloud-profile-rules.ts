import { type CloudProfile, cloudProfile } from '../../../apis/core/cloud-profile.ts';
import { type CloudProfileConfig, strictCloudProfileConfig } from '../../../apis/metal/cloud-profile-config.ts';
import type { FieldError, Findings, Review } from '../../admission.ts';
import { dnsChangeErrors } from './dns-rules.ts';
import { PROFILE_EXTENT } from './extent.ts';
import { required } from './field-errors.ts';
import { isDeleted } from './members.ts';
import { metalControlPlaneErrors, metalControlPlaneWarnings } from './metal-control-plane-rules.ts';
import { readProviderConfig, readStrictly } from './provider-config.ts';
import { broughtByUpdate } from './ratchet.ts';

const ROOT = 'spec.providerConfig';

/** Every fault of a CloudProfile at once; on an update those that it brings, and what must never change. */
export function reviewCloudProfile(review: Review<CloudProfile>): Findings {
  const view = viewProfile(review.object);
  const hasOld = review.old !== undefined && review.old !== null;
  const old = hasOld ? viewProfile(review.old) : undefined;
  if (isDeleted(review.object)) return { errors: [], warnings: [] };
  const unchangeable = view.config && old?.config ? dnsChangeErrors(view.config, old.config, ROOT) : [];
  const errors = profileErrors(view);
  return {
    errors: [...unchangeable, ...(old && errors.length > 0 ? broughtByUpdate(errors, profileErrors(old)) : errors)],
    warnings: view.config ? metalControlPlaneWarnings(view.config, ROOT) : [],
  };
}

interface ProfileView {
  readonly profile: CloudProfile | undefined;
  readonly config: CloudProfileConfig | undefined;
  readonly errors: readonly FieldError[];
}

function viewProfile(object: unknown): ProfileView {
  const read = readStrictly(cloudProfile, object, '', PROFILE_EXTENT);
  const given = read.config?.spec.providerConfig;
  const config = readProviderConfig(strictCloudProfileConfig, 'CloudProfileConfig', given, ROOT);
  return { profile: read.config, config: config.config, errors: [...read.errors, ...config.errors] };
}

function profileErrors({ profile, config, errors }: ProfileView): FieldError[] {
  if (profile && profile.spec.providerConfig == null) {
    return [required(ROOT, 'a CloudProfileConfig must be given for a CloudProfile of type metal')];
  }
  if (!profile || !config) return [...errors];
  const zones = (profile.spec.regions ?? []).flatMap((region) => region.zones?.map(({ name }) => name) ?? []);
  return [...errors, ...metalControlPlaneErrors(config, zones, ROOT)];
}
