import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { AdmissionRules, MutatedKind, Mutation, SeedMutations } from '../../providers/admission.ts';
import { allowed } from '../garden/answer.ts';
import { isBeingDeleted } from '../garden/read.ts';
import type { LabelSelector, ReviewRequest, Webhook } from '../webhook.ts';
import { isOfType, validateExtension } from './extension.ts';
import { rulesFor } from './kinds.ts';
import { mutate } from './mutate.ts';

export interface SeedWebhookDeps {
  /** Of the seed. */
  readonly client: KubeClient;
  readonly rules: Pick<AdmissionRules, 'validateExtension'>;
  readonly mutations: SeedMutations;
  /** Provider type, e.g. `metal`. */
  readonly type: string;
  readonly clock: Clock;
}

type Review = Webhook['review'];

const extensionKinds: readonly MutatedKind[] = ['Infrastructure', 'ControlPlane', 'Worker'];

/**
 * The webhooks of a seed and of its shoots. They are sent only what they look at: a webhook that fails stops every
 * control plane of the provider type. A Shoot cannot be told from a request that its API server sends, so `shoot` reads
 * nothing; the other ones read the seed.
 */
export function createSeedWebhooks({ client, rules, mutations, type, clock }: SeedWebhookDeps): readonly Webhook[] {
  const ofShoots = namespacesWith('shoot.gardener.cloud/provider', type);
  const mutating = (own: readonly Mutation[], reader?: KubeClient) => ({
    type: 'mutating' as const,
    rules: rulesFor(own.map(({ kind }) => kind)),
    review: living((request, signal) => mutate(own, reader, request, signal)),
  });
  const ofType = (review: Review): Review =>
    living(async (request, signal) => (isOfType(type, request) ? review(request, signal) : allowed));
  const extensions = mutating(mutations.extensions, client);
  return [
    {
      ...mutating(mutations.controlPlane, client),
      name: 'controlplane',
      path: '/controlplane',
      target: 'seed',
      namespaceSelector: ofShoots,
    },
    {
      ...mutating(mutations.seedProvider, client),
      name: 'seedprovider',
      path: '/seedprovider',
      target: 'seed',
      namespaceSelector: namespacesWith('seed.gardener.cloud/provider', type),
    },
    {
      ...mutating(mutations.shoot),
      name: 'shoot',
      path: '/shoot',
      target: 'shoot',
      namespaceSelector: namespacesWith('gardener.cloud/purpose', 'kube-system'),
    },
    {
      ...extensions,
      name: 'extensions',
      path: '/extensions',
      target: 'seed',
      namespaceSelector: ofShoots,
      review: ofType(extensions.review),
    },
    {
      name: 'extensions.validator',
      path: '/extensions/validate',
      type: 'validating',
      target: 'seed',
      rules: rulesFor(extensionKinds),
      namespaceSelector: ofShoots,
      review: ofType((request, signal) => validateExtension({ client, rules, clock }, request, signal)),
    },
  ];
}

function namespacesWith(key: string, value: string): LabelSelector {
  return { matchExpressions: [{ key, operator: 'In', values: [value] }] };
}

/** What is being deleted passes, and so does everything that is neither created nor updated. */
function living(review: Review): Review {
  return async (request: ReviewRequest, signal: AbortSignal) => {
    const { operation, subresource, object } = request;
    if ((operation !== 'CREATE' && operation !== 'UPDATE') || subresource || isBeingDeleted(object)) return allowed;
    return review(request, signal);
  };
}
