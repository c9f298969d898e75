import { machineClasses } from '../apis/machine/machine.ts';
import { secretsOf } from '../doctor/machine-classes.ts';
import { describeFix, type ToldFinding } from '../doctor/report.ts';
import type { KubeClient } from '../kube/client.ts';
import { isConflict, toError } from '../kube/errors.ts';
import type { Logger } from '../kube/logger.ts';
import { namespaces } from '../kube/namespace.ts';
import type { Resource } from '../kube/resource.ts';
import { secrets } from '../kube/secret.ts';
import type { DeletableKind, Deletion, Finding, Fix, FixResult, ProviderView } from '../providers/doctor.ts';
import { redactText } from '../telemetry/redact.ts';
import { webhookConfigurations } from '../webhooks/registration.ts';

export interface FixContext {
  /** By the name of the seed. */
  readonly kubes: ReadonlyMap<string, KubeClient>;
  readonly view: ProviderView;
  /** Whether it is certain at this moment that there is no such cluster. */
  readonly isGone: (clusterID: string) => boolean;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const resources: Readonly<Record<DeletableKind, Resource>> = {
  Secret: secrets,
  MutatingWebhookConfiguration: webhookConfigurations.mutating,
  ValidatingWebhookConfiguration: webhookConfigurations.validating,
};

/**
 * One after the other, each on its own and each looked at again right before: whoever is killed here begins anew, and what
 * is done already is gone. The order is that of the findings, in which a network comes after what is in it.
 */
export async function applyFixes(findings: readonly Finding[], context: FixContext): Promise<readonly ToldFinding[]> {
  const told: ToldFinding[] = [];
  for (const finding of findings) {
    const { fix, seed, cluster } = finding;
    if (!fix) {
      told.push(finding);
      continue;
    }
    context.signal.throwIfAborted();
    const result = await attempt(fix, seed, context);
    context.log.info({ seed, cluster, fix: describeFix(fix), ...result }, 'fix');
    told.push({ ...finding, result });
  }
  return told;
}

async function attempt(fix: Fix, seed: string | undefined, context: FixContext): Promise<FixResult> {
  try {
    if (fix.action === 'release') return await release(fix, context);
    const kube = context.kubes.get(seed ?? '');
    if (!kube) return { outcome: 'left', reason: 'it is not known in which seed it is' };
    return await remove(fix, kube, context.signal);
  } catch (error) {
    context.signal.throwIfAborted();
    return { outcome: 'left', reason: redactText(toError(error).message) };
  }
}

async function release(fix: Extract<Fix, { action: 'release' }>, { view, isGone, signal }: FixContext) {
  if (isGone(fix.clusterID)) return view.release(fix, signal);
  return { outcome: 'left', reason: 'it is not certain any more that its cluster is gone' } as const;
}

async function remove(fix: Deletion, kube: KubeClient, signal: AbortSignal): Promise<FixResult> {
  const { kind, key, uid, goneNamespace } = fix;
  const resource = resources[kind];
  const live = await kube.find(resource, key, { signal });
  if (!live || live.metadata.uid !== uid) return { outcome: 'gone' };
  if (goneNamespace && (await kube.find(namespaces, { name: goneNamespace }, { signal }))) {
    return { outcome: 'left', reason: `namespace ${goneNamespace} exists again` };
  }
  if (kind === 'Secret') {
    const { items } = await kube.list(machineClasses, { namespace: key.namespace, signal });
    if (secretsOf(items).has(key.name)) return { outcome: 'left', reason: 'a MachineClass refers to it again' };
  }
  const { resourceVersion } = live.metadata;
  try {
    await kube.delete(resource, key, { preconditions: { uid, resourceVersion }, signal });
    return { outcome: 'done' };
  } catch (error) {
    if (isConflict(error)) return { outcome: 'left', reason: 'somebody else has just changed it' };
    throw error;
  }
}
