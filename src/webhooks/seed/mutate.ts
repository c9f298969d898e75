import { isDeepStrictEqual } from 'node:util';
import type { KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { Mutation, SeedFacts } from '../../providers/admission.ts';
import { OperationError } from '../../providers/errors.ts';
import { allowed } from '../garden/answer.ts';
import { read } from '../garden/read.ts';
import type { ReviewRequest, ReviewResult } from '../webhook.ts';
import { type Need, readFacts } from './facts.ts';
import { anyObject } from './object.ts';

/** Applies the mutations of the object's kind and name in their order. Without `client` nothing is read for them. */
export async function mutate(
  mutations: readonly Mutation[],
  client: KubeClient | undefined,
  request: ReviewRequest,
  signal: AbortSignal,
): Promise<ReviewResult> {
  const slice = read(anyObject, request);
  if (!slice.ok) return slice.refusal;
  const object = slice.object as KubeObject;
  const old = slice.old as KubeObject | undefined;
  const name = request.name ?? object.metadata.name ?? '';
  const matching = mutations.filter(({ kind, names }) => kind === request.kind.kind && isNamed(names, name));
  if (matching.length === 0) return allowed;
  const namespace = request.namespace ?? object.metadata.namespace ?? '';
  const needs = new Set(matching.flatMap((mutation) => mutation.needs ?? []));
  const facts = await factsFor(client, namespace, needs, signal);
  try {
    const mutated = matching.reduce((result, mutation) => mutation.apply(result, facts, old), object);
    return isDeepStrictEqual(mutated, object) ? allowed : { allowed: true, object: mutated };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return { allowed: false, code: 422, message: error.message };
  }
}

function factsFor(
  client: KubeClient | undefined,
  namespace: string,
  needs: ReadonlySet<Need>,
  signal: AbortSignal,
): Promise<SeedFacts> | SeedFacts {
  return client && needs.size > 0 ? readFacts(client, namespace, needs, signal) : { namespace };
}

function isNamed(names: Mutation['names'], name: string): boolean {
  if (!names) return true;
  return names instanceof RegExp ? names.test(name) : names.includes(name);
}
