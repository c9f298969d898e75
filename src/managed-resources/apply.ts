import { type ManagedResource, managedResources } from '../apis/resources/managed-resource.ts';
import type { CallOptions, KubeClient } from '../kube/client.ts';
import { isAlreadyExists } from '../kube/errors.ts';
import { patchOfWhole } from '../kube/merge-patch.ts';
import { secrets } from '../kube/secret.ts';
import { OperationError } from '../providers/errors.ts';
import { type Content, contentOf, contentSecret, withReference } from './content.ts';
import { type DesiredManagedResource, specOf } from './desired.ts';
import type { WriteDocument } from './documents.ts';
import { isApplied } from './health.ts';

type Client = Pick<KubeClient, 'find' | 'create' | 'mergePatch'>;

const deletedRetryMs = 2000;

export interface ApplyOptions extends CallOptions {
  readonly writeDocument?: WriteDocument;
}

/**
 * Makes a ManagedResource what is desired, and returns it as it then is. `there` is what was read of it; nothing is
 * written when that is right. Its Secret comes first, so that it never refers to one that does not exist.
 */
export async function applyManagedResource(
  client: Client,
  namespace: string,
  desired: DesiredManagedResource,
  there: ManagedResource | undefined,
  { writeDocument, ...options }: ApplyOptions,
): Promise<ManagedResource> {
  const content = contentOf(desired.name, desired.objects, writeDocument);
  if (!there) {
    await ensureSecret(client, namespace, content, options);
    return createOrPatch(client, namespace, desired, content, options);
  }
  if (there.metadata.deletionTimestamp) {
    throw new OperationError(`ManagedResource ${desired.name} is being deleted; it is made anew when it is gone`, {
      retryAfterMs: deletedRetryMs,
    });
  }
  const patch = patchFor(there, desired, content);
  if (patch) {
    await ensureSecret(client, namespace, content, options);
    return client.mergePatch(managedResources, { namespace, name: desired.name }, patch, options);
  }
  // Somebody may have deleted the Secret: whoever applies the objects would say so.
  if (!isApplied(there) && !(await client.find(secrets, { namespace, name: content.secretName }, options))) {
    await ensureSecret(client, namespace, content, options);
  }
  return there;
}

async function createOrPatch(
  client: Client,
  namespace: string,
  desired: DesiredManagedResource,
  { secretName }: Content,
  options: CallOptions,
): Promise<ManagedResource> {
  const { name } = desired;
  const annotations = withReference({}, secretName);
  const object = { metadata: { name, namespace, annotations }, spec: specOf(desired, secretName) };
  try {
    return await client.create(managedResources, object, options);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    // The answer to an earlier try was lost, or another was faster.
    const there = await client.find(managedResources, { namespace, name }, options);
    if (!there) throw error;
    return applyManagedResource(client, namespace, desired, there, options);
  }
}

function patchFor(
  there: ManagedResource,
  desired: DesiredManagedResource,
  { secretName }: Content,
): object | undefined {
  const annotations = there.metadata.annotations ?? {};
  const before = { metadata: { annotations }, spec: there.spec ?? {} };
  return patchOfWhole(before, {
    metadata: { annotations: withReference(annotations, secretName) },
    spec: specOf(desired, secretName),
  });
}

/** Named by its content and immutable: one of that name is right. */
async function ensureSecret(client: Client, namespace: string, content: Content, options: CallOptions): Promise<void> {
  try {
    await client.create(secrets, contentSecret(namespace, content), options);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}
