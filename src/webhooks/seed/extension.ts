import { isDeepStrictEqual } from 'node:util';
import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { AdmissionRules } from '../../providers/admission.ts';
import { allowed, answer } from '../garden/answer.ts';
import { isRecord, read } from '../garden/read.ts';
import type { ReviewRequest, ReviewResult } from '../webhook.ts';
import { findCluster } from './facts.ts';
import { extensionObject } from './object.ts';

export interface ExtensionDeps {
  readonly client: KubeClient;
  readonly rules: Pick<AdmissionRules, 'validateExtension'>;
  readonly clock: Clock;
}

/** Whether the object is of another provider type, or was before: neither is ours to judge. */
export function isOfType(type: string, { object }: ReviewRequest): boolean {
  return isRecord(object) && isRecord(object.spec) && object.spec.type === type;
}

/** A spec that stays as it is passes: finalizers, annotations and labels must always be writable. */
export async function validateExtension(
  { client, rules, clock }: ExtensionDeps,
  request: ReviewRequest,
  signal: AbortSignal,
): Promise<ReviewResult> {
  const slice = read(extensionObject, request);
  if (!slice.ok) return slice.refusal;
  const object = slice.object as ExtensionObject;
  const old = slice.old as ExtensionObject | undefined;
  if (old && isDeepStrictEqual(object.spec, old.spec)) return allowed;
  const namespace = request.namespace ?? object.metadata.namespace ?? '';
  const cluster = await findCluster(client, namespace, signal);
  return answer(rules.validateExtension({ object, old, now: clock.now(), kind: request.kind.kind, cluster }));
}
