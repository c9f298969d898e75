import * as z from 'zod';
import { objectMeta } from '../../apis/meta.ts';
import type { KubeClient } from '../../kube/client.ts';
import { keyOf, type ObjectKey } from '../../kube/object.ts';
import { secrets } from '../../kube/secret.ts';
import type { AdmissionRules } from '../../providers/admission.ts';
import { refusal } from '../field-errors.ts';
import type { ReviewRequest, ReviewResult } from '../webhook.ts';
import { allowed } from './answer.ts';
import { read } from './read.ts';
import { answerCredentials } from './secret.ts';

const provider = z.looseObject({ type: z.string().optional() }).nullish();

const secretBinding = z.looseObject({
  metadata: objectMeta,
  provider,
  secretRef: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

const credentialsBinding = z.looseObject({
  metadata: objectMeta,
  provider,
  credentialsRef: z.looseObject({
    apiVersion: z.string(),
    kind: z.string(),
    name: z.string(),
    namespace: z.string().optional(),
  }),
});

export interface BindingDeps {
  readonly client: Pick<KubeClient, 'find'>;
  readonly rules: Pick<AdmissionRules, 'validateCredentials'>;
  /** Provider type whose bindings are looked at. */
  readonly type: string;
}

/** Its references are immutable, so that an update is looked at only when it makes the binding one of this type. */
export async function validateSecretBinding(
  deps: BindingDeps,
  request: ReviewRequest,
  signal: AbortSignal,
): Promise<ReviewResult> {
  const slice = read(secretBinding, request);
  if (!slice.ok) return slice.refusal;
  const { object, old } = slice;
  const type = object.provider?.type;
  if (!isOfType(type, deps.type) || (old && old.provider?.type === type)) return allowed;
  const { name, namespace = request.namespace } = object.secretRef;
  return validateReferenced(deps, { namespace, name }, signal);
}

export async function validateCredentialsBinding(
  deps: BindingDeps,
  request: ReviewRequest,
  signal: AbortSignal,
): Promise<ReviewResult> {
  const slice = read(credentialsBinding, request);
  if (!slice.ok) return slice.refusal;
  const { object, old } = slice;
  if (!isOfType(object.provider?.type, deps.type) || old) return allowed;
  const { apiVersion, kind, name, namespace = request.namespace } = object.credentialsRef;
  if (apiVersion !== 'v1' || kind !== 'Secret') {
    const detail = `credentials of type ${deps.type} must be a Secret (apiVersion v1)`;
    const value = `${apiVersion} ${kind}`;
    return refusal([{ type: 'NotSupported', field: 'credentialsRef', value, detail }]);
  }
  return validateReferenced(deps, { namespace, name }, signal);
}

/** Read live and never kept: a Secret belongs in no cache of ours. */
async function validateReferenced(
  { client, rules }: BindingDeps,
  key: ObjectKey,
  signal: AbortSignal,
): Promise<ReviewResult> {
  const secret = await client.find(secrets, key, { signal });
  if (!secret) {
    return { allowed: false, code: 422, message: `referenced secret ${keyOf(key)} does not exist` };
  }
  return answerCredentials(rules.validateCredentials(secret.data), `referenced secret ${keyOf(key)} is not valid`);
}

/** A SecretBinding may name several types, separated by commas. */
const isOfType = (types: string | undefined, type: string): boolean => types?.split(',').includes(type) ?? false;
