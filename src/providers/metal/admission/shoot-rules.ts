import type { Shoot } from '../../../apis/core/shoot.ts';
import type { FieldError, Findings, ShootReview } from '../../admission.ts';
import { familiesOf } from '../infrastructure/desired.ts';
import { controlPlaneErrors, externalNetworkErrors } from './control-plane-rules.ts';
import { invalid, required } from './field-errors.ts';
import { immutableErrors } from './immutable-rules.ts';
import { infrastructureErrors } from './infrastructure-rules.ts';
import { at, isDeleted, isSame } from './members.ts';
import { networkErrors } from './network-rules.ts';
import { offerErrors } from './offer-rules.ts';
import { type Profile, planeOf } from './profile.ts';
import { broughtByUpdate } from './ratchet.ts';
import {
  CONTROL_PLANE_CONFIG,
  INFRASTRUCTURE_CONFIG,
  isWorkerless,
  type ShootView,
  unreadParts,
  viewShoot,
} from './shoot-view.ts';
import { tenantErrors } from './tenant.ts';
import { shootWarnings } from './warnings.ts';
import { workersErrors } from './worker-rules.ts';

/** Every fault of a Shoot at once; on an update those that it brings, and what must never change. */
export function reviewShoot(review: ShootReview, profile: Profile | undefined): Findings {
  const view = viewShoot(review.object, review.isRead);
  if ((at(review.object, ['spec', 'provider', 'type']) ?? 'metal') !== 'metal') return { errors: [], warnings: [] };
  const old = review.old === undefined || review.old === null ? undefined : viewShoot(review.old, review.isRead);
  const unchangeable = old ? immutableErrors(review.object, review.old) : [];
  if (isDeleted(review.object)) return { errors: unchangeable, warnings: [] };
  const errors = shootErrors(view, profile, review.now);
  return {
    errors: [...unchangeable, ...(old ? brought(errors, view, old, profile, review.now) : errors)],
    warnings: shootWarnings(view, profile, review.now),
  };
}

/** The old Shoot is judged only if there is something to compare, and not by a profile that it did not have. */
function brought(
  errors: readonly FieldError[],
  view: ShootView,
  old: ShootView,
  profile: Profile | undefined,
  now: number,
): readonly FieldError[] {
  if (errors.length === 0) return errors;
  const sameProfile = JSON.stringify(referenceOf(view.shoot)) === JSON.stringify(referenceOf(old.shoot));
  const before = shootErrors(old, sameProfile ? profile : undefined, now);
  // What cannot be read hides what else was changed in it.
  const isHidden = unreadParts(view).some((path) => !isSame(view.object, old.object, path.split('.')));
  return broughtByUpdate(errors, isHidden ? before.filter((error) => !old.errors.includes(error)) : before);
}

function shootErrors(view: ShootView, profile: Profile | undefined, now: number): FieldError[] {
  const { shoot } = view;
  if (!shoot) return [...view.errors];
  if (isWorkerless(shoot)) {
    const text = 'a cluster of type metal needs at least one worker pool: there are no workerless clusters on metal';
    return [...tenantErrors(shoot), required('spec.provider.workers', text)];
  }
  const { infrastructure, controlPlane } = view;
  const region = shoot.spec.region;
  const partitionID = infrastructure?.partitionID;
  return [
    ...view.errors,
    ...tenantErrors(shoot),
    ...profileErrors(shoot, profile),
    ...(shoot.spec.provider?.infrastructureConfig == null
      ? [required(INFRASTRUCTURE_CONFIG, 'an InfrastructureConfig must be given for a cluster of type metal')]
      : []),
    ...(infrastructure ? infrastructureErrors(infrastructure, familiesOf(shoot), INFRASTRUCTURE_CONFIG) : []),
    ...(infrastructure && profile ? offerErrors(infrastructure, region, profile, INFRASTRUCTURE_CONFIG) : []),
    ...(controlPlane ? controlPlaneErrors(controlPlane, planeOf(profile, partitionID), CONTROL_PLANE_CONFIG) : []),
    ...(controlPlane && infrastructure
      ? externalNetworkErrors(controlPlane, infrastructure.firewall?.networks ?? [], CONTROL_PLANE_CONFIG)
      : []),
    ...workersErrors(
      shoot.spec.provider?.workers ?? [],
      { profile, region, partitionID, now },
      'spec.provider.workers',
    ),
    ...networkErrors(shoot),
  ];
}

function profileErrors(shoot: Shoot, profile: Profile | undefined): FieldError[] {
  const { field, name } = referenceOf(shoot);
  if (!profile) return [invalid(field, name, 'there is no such CloudProfile, or it cannot be read')];
  return profile.config ? [] : [invalid(field, name, 'the CloudProfile has no providerConfig that can be read')];
}

/** Where a Shoot names its CloudProfile. */
function referenceOf(shoot: Shoot | undefined): { field: string; kind: string; name: string } {
  const { cloudProfile, cloudProfileName } = shoot?.spec ?? {};
  if (!cloudProfile?.name && cloudProfileName) {
    return { field: 'spec.cloudProfileName', kind: 'CloudProfile', name: cloudProfileName };
  }
  return { field: 'spec.cloudProfile', kind: cloudProfile?.kind ?? 'CloudProfile', name: cloudProfile?.name ?? '' };
}
