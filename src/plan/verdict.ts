import type { CloudProfile } from '../apis/core/cloud-profile.ts';
import type { Clock } from '../kube/clock.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Findings } from '../providers/admission.ts';
import type { Provider } from '../providers/provider.ts';
import { describeErrors } from '../webhooks/field-errors.ts';
import { mutateShoot, validateShoot } from '../webhooks/garden/shoot.ts';
import type { ReviewRequest, ReviewResult } from '../webhooks/webhook.ts';
import { type Difference, differences } from './differences.ts';
import type { GardenShoot } from './gardenlet/garden-shoot.ts';

/** What admission says of a Shoot. */
export interface Verdict {
  /** Every fault; none when it is allowed. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
  /** What admission filled in. */
  readonly defaults: readonly Difference[];
  /** The Shoot with its defaults. */
  readonly shoot: GardenShoot;
}

export interface AdmissionInput {
  readonly provider: Provider;
  readonly clock: Clock;
  readonly shoot: GardenShoot;
  /** As it is in the garden; undefined for a new one. */
  readonly old: KubeObject | undefined;
  readonly profile: CloudProfile | undefined;
  /** The same, if it is to be reviewed, too. */
  readonly givenProfile: CloudProfile | undefined;
  /** Data of the Secret with the credentials, if it is to be reviewed, too. */
  readonly credentials: Readonly<Record<string, string>> | undefined;
}

/** As the webhooks of the garden do it, in the API server's order: defaults first, then the rules. */
export async function admit(input: AdmissionInput, signal: AbortSignal): Promise<Verdict> {
  const { provider, clock, shoot, old, profile } = input;
  const deps = {
    rules: provider.admission,
    profiles: { ofShoot: async () => profile },
    type: provider.type,
    clock,
  };
  const mutated = await mutateShoot(deps, requestFor(shoot, old), signal);
  if (!mutated.allowed) return { ...refused(mutated), defaults: [], shoot };
  const defaulted = (mutated.object ?? shoot) as GardenShoot;
  const validated = await validateShoot(deps, requestFor(defaulted, old), signal);
  const defaults = differences(shoot, defaulted);
  const found = validated.allowed ? { faults: [], warnings: validated.warnings ?? [] } : refused(validated);
  const others = reviewOthers(input);
  return {
    faults: [...found.faults, ...others.faults],
    warnings: [...found.warnings, ...others.warnings],
    ...{ defaults, shoot: defaulted },
  };
}

/** What the Shoot refers to. */
function reviewOthers({ provider: { admission }, clock, givenProfile, credentials }: AdmissionInput) {
  const reviewed: [string, Findings][] = [];
  if (givenProfile) {
    const findings = admission.validateCloudProfile({ object: givenProfile, now: clock.now() });
    reviewed.push([`CloudProfile ${givenProfile.metadata.name}`, findings]);
  }
  if (credentials) reviewed.push(['the Secret with the credentials', admission.validateCredentials(credentials)]);
  return {
    faults: reviewed.flatMap(([subject, { errors }]) =>
      errors.map((error) => `${subject}: ${describeErrors([error])}`),
    ),
    warnings: reviewed.flatMap(([subject, { warnings }]) => warnings.map((warning) => `${subject}: ${warning}`)),
  };
}

function refused({ message, errors = [], warnings = [] }: Extract<ReviewResult, { allowed: false }>) {
  return { faults: errors.length > 0 ? errors.map((error) => describeErrors([error])) : [message], warnings };
}

function requestFor(object: KubeObject, old: KubeObject | undefined): ReviewRequest {
  const { name, namespace } = object.metadata;
  const core = { group: 'core.gardener.cloud', version: 'v1beta1' };
  return {
    uid: '',
    operation: old ? 'UPDATE' : 'CREATE',
    kind: { ...core, kind: 'Shoot' },
    resource: { ...core, resource: 'shoots' },
    subresource: undefined,
    namespace,
    name,
    object,
    oldObject: old,
    dryRun: true,
    userInfo: { username: 'espalier-plan', groups: [] },
    remoteAddress: undefined,
  };
}
