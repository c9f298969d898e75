import { isDeepStrictEqual } from 'node:util';
import { cloudProfile } from '../../apis/core/cloud-profile.ts';
import { namespacedCloudProfile } from '../../apis/core/namespaced-cloud-profile.ts';
import type { Clock } from '../../kube/clock.ts';
import type { AdmissionRules } from '../../providers/admission.ts';
import type { ReviewRequest, ReviewResult } from '../webhook.ts';
import { allowed, answer } from './answer.ts';
import type { Profiles } from './profiles.ts';
import { read } from './read.ts';

export interface CloudProfileDeps {
  readonly rules: Pick<AdmissionRules, 'validateCloudProfile' | 'validateNamespacedCloudProfile'>;
  readonly profiles: Pick<Profiles, 'cloudProfile'>;
  /** Provider type whose profiles are looked at. */
  readonly type: string;
  readonly clock: Clock;
}

export async function validateCloudProfile(
  { rules, type, clock }: CloudProfileDeps,
  request: ReviewRequest,
): Promise<ReviewResult> {
  const slice = read(cloudProfile, request);
  if (!slice.ok) return slice.refusal;
  const { object, old } = slice;
  if (object.spec.type !== type || isDeepStrictEqual(object.spec, old?.spec)) return allowed;
  return answer(rules.validateCloudProfile({ object, old, now: clock.now() }));
}

/** Its provider type is its parent's. An absent parent is refused by Gardener. */
export async function validateNamespacedCloudProfile(
  { rules, profiles, type, clock }: CloudProfileDeps,
  request: ReviewRequest,
  signal: AbortSignal,
): Promise<ReviewResult> {
  const slice = read(namespacedCloudProfile, request);
  if (!slice.ok) return slice.refusal;
  const { object, old } = slice;
  if (isDeepStrictEqual(object.spec, old?.spec)) return allowed;
  const parent = await profiles.cloudProfile(object.spec.parent.name, signal);
  if (parent && parent.spec.type !== type) return allowed;
  return answer(rules.validateNamespacedCloudProfile({ object, old, parent, now: clock.now() }));
}
