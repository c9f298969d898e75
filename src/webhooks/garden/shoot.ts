import { isDeepStrictEqual } from 'node:util';
import { type Shoot, shoot } from '../../apis/core/shoot.ts';
import type { Clock } from '../../kube/clock.ts';
import type { AdmissionRules, ShootReview } from '../../providers/admission.ts';
import type { ReviewRequest, ReviewResult } from '../webhook.ts';
import { allowed, answer } from './answer.ts';
import type { Profiles } from './profiles.ts';
import { read } from './read.ts';

export interface ShootDeps {
  readonly rules: Pick<AdmissionRules, 'validateShoot' | 'defaultShoot'>;
  readonly profiles: Pick<Profiles, 'ofShoot'>;
  /** Provider type whose Shoots are looked at. */
  readonly type: string;
  readonly clock: Clock;
}

/** Create and update of a Shoot: all errors at once. */
export function validateShoot(deps: ShootDeps, request: ReviewRequest, signal: AbortSignal): Promise<ReviewResult> {
  return review(deps, request, signal, (shootReview) => answer(deps.rules.validateShoot(shootReview)));
}

/** Create and update of a Shoot: its defaults. */
export function mutateShoot(deps: ShootDeps, request: ReviewRequest, signal: AbortSignal): Promise<ReviewResult> {
  return review(deps, request, signal, (shootReview) => {
    const object = deps.rules.defaultShoot(shootReview);
    return object === shootReview.object ? allowed : { allowed: true, object };
  });
}

async function review(
  { profiles, type, clock }: ShootDeps,
  request: ReviewRequest,
  signal: AbortSignal,
  decide: (shootReview: ShootReview) => ReviewResult,
): Promise<ReviewResult> {
  const slice = read(shoot, request);
  if (!slice.ok) return slice.refusal;
  const { object, old } = slice;
  if (object.spec.provider?.type !== type || (old && isUnchanged(object, old))) return allowed;
  const profile = await profiles.ofShoot(object, request.namespace ?? object.metadata.namespace, signal);
  return decide({ object, old, profile, now: clock.now(), isRead: true });
}

/** Finalizers, labels and owners are Gardener's to change at any time. */
function isUnchanged(object: Shoot, old: Shoot): boolean {
  return (
    isDeepStrictEqual(object.spec, old.spec) &&
    isDeepStrictEqual(object.metadata.annotations ?? {}, old.metadata.annotations ?? {})
  );
}
