import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { Informer } from '../../kube/lister.ts';
import type { Logger } from '../../kube/logger.ts';
import type { AdmissionRules } from '../../providers/admission.ts';
import type { ReviewRequest, ReviewResult, Webhook } from '../webhook.ts';
import { allowed } from './answer.ts';
import { validateCredentialsBinding, validateSecretBinding } from './bindings.ts';
import { validateCloudProfile, validateNamespacedCloudProfile } from './cloud-profile.ts';
import { createProfiles } from './profiles.ts';
import { isBeingDeleted } from './read.ts';
import { validateSecret } from './secret.ts';
import { mutateShoot, validateShoot } from './shoot.ts';

export interface GardenWebhookDeps {
  /** Of the garden. */
  readonly client: KubeClient;
  readonly rules: AdmissionRules;
  /** Provider type, e.g. `metal`. */
  readonly type: string;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface GardenWebhooks {
  readonly webhooks: readonly Webhook[];
  /** To be run, and synchronised before the first review. */
  readonly informers: readonly Informer<never>[];
}

type Handler = (request: ReviewRequest, signal: AbortSignal) => Promise<ReviewResult>;

const core = 'core.gardener.cloud';
const security = 'security.gardener.cloud';

/** The webhooks of the garden. Names, paths and selectors are the Go extension's: they stand in charts and in habits. */
export function createGardenWebhooks(deps: GardenWebhookDeps): GardenWebhooks {
  const { client, rules, type, clock, log } = deps;
  // gardener-apiserver keeps this label on everything that is of a provider type.
  const ofType = `provider.extensions.gardener.cloud/${type}`;
  const profiles = createProfiles({ client, clock, log, labelSelector: `${ofType}=true` });
  const shootDeps = { rules, profiles, type, clock };
  const profileDeps = { rules, profiles, type, clock };
  const bindingDeps = { client, rules, type };
  const objectSelector = { matchLabels: { [ofType]: 'true' } };

  const validator: Webhook = {
    name: 'validator',
    path: '/webhooks/validate',
    type: 'validating',
    target: 'garden',
    rules: [
      {
        apiGroups: [core],
        apiVersions: ['*'],
        resources: ['shoots', 'cloudprofiles', 'namespacedcloudprofiles', 'secretbindings'],
      },
      { apiGroups: [security], apiVersions: ['*'], resources: ['credentialsbindings'] },
    ],
    objectSelector,
    review: byKind({
      [`${core}/Shoot`]: (request, signal) => validateShoot(shootDeps, request, signal),
      [`${core}/CloudProfile`]: (request) => validateCloudProfile(profileDeps, request),
      [`${core}/NamespacedCloudProfile`]: (request, signal) =>
        validateNamespacedCloudProfile(profileDeps, request, signal),
      [`${core}/SecretBinding`]: (request, signal) => validateSecretBinding(bindingDeps, request, signal),
      [`${security}/CredentialsBinding`]: (request, signal) => validateCredentialsBinding(bindingDeps, request, signal),
    }),
  };
  const secretsValidator: Webhook = {
    name: 'secrets.validator',
    path: '/webhooks/validate/secrets',
    type: 'validating',
    target: 'garden',
    rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'] }],
    objectSelector: { matchLabels: { [`provider.shoot.gardener.cloud/${type}`]: 'true' } },
    review: byKind({ '/Secret': (request) => validateSecret({ rules }, request) }),
  };
  const mutator: Webhook = {
    name: 'mutator',
    path: '/webhooks/mutate',
    type: 'mutating',
    target: 'garden',
    rules: [{ apiGroups: [core], apiVersions: ['v1beta1'], resources: ['shoots'] }],
    objectSelector,
    review: byKind({ [`${core}/Shoot`]: (request, signal) => mutateShoot(shootDeps, request, signal) }),
  };
  return { webhooks: [validator, secretsValidator, mutator], informers: profiles.informers };
}

/** Calls the handler of the object's kind, `group/Kind`, for what users and Gardener write and do not yet remove. */
function byKind(handlers: Readonly<Record<string, Handler>>): Handler {
  const known = new Map(Object.entries(handlers));
  return async (request, signal) => {
    const { kind, operation, subresource, object } = request;
    if ((operation !== 'CREATE' && operation !== 'UPDATE') || subresource || isBeingDeleted(object)) return allowed;
    const handler = known.get(`${kind.group}/${kind.kind}`);
    if (handler) return handler(request, signal);
    return { allowed: false, code: 400, message: `objects of kind ${kind.kind} are not reviewed here` };
  };
}
