import type { Shoot } from '../../apis/core/shoot.ts';
import { genericKubeconfigSecretOf } from '../../apis/extensions/cluster.ts';
import type { ControlPlane } from '../../apis/extensions/control-plane.ts';
import type { ManagedResource } from '../../apis/resources/managed-resource.ts';
import { all } from '../../kube/all.ts';
import type { KubeObject } from '../../kube/object.ts';
import { secrets } from '../../kube/secret.ts';
import { limited } from '../../kube/timeout.ts';
import { applyManagedResource } from '../../managed-resources/apply.ts';
import type { DesiredManagedResource } from '../../managed-resources/desired.ts';
import type { WriteDocument } from '../../managed-resources/documents.ts';
import { unreadiness } from '../../managed-resources/health.ts';
import { shootWebhooks, shootWebhooksName } from '../../managed-resources/shoot-webhooks.ts';
import { waitUntilReady } from '../../managed-resources/wait.ts';
import type { Operation, Outcome } from '../../providers/provider.ts';
import { secretChecksum } from '../../providers/secrets.ts';
import { ensureSecrets, type SecretsResult } from '../secrets/manager.ts';
import { findHibernation, isHibernationEnabled } from './hibernation.ts';
import { desiredInShoot, desiredSeed, findManagedResources } from './managed-resources.ts';
import { type ControlPlaneOptions, secretsIdentity, waitMs } from './options.ts';
import { ensureShootAccess } from './shoot-access.ts';

/** How soon to look again whether the API server of a shoot that goes to sleep is down (gardener-contract 3.2). */
const hibernationRequeueMs = 2000;

const publishMs = 30_000;

/**
 * Certificates and access first, then the ManagedResources; those of the shoot only when its webhooks work, which change
 * what is in them (gardener-contract 3.2). What does not depend on each other goes side by side.
 */
export async function reconcile(
  operation: Operation<ControlPlane>,
  options: ControlPlaneOptions,
  writeDocument: WriteDocument,
): Promise<Outcome<ControlPlane>> {
  const { kube, driver } = options;
  const { signal, cluster, object } = operation;
  const { namespace = '' } = object.metadata;
  const { shoot } = cluster.spec;
  const [found, certificates, credentials, hibernation, configuration] = await all([
    findManagedResources(kube, namespace, signal),
    makeSecrets(operation, namespace, options),
    kube.find(secrets, { namespace, ...object.spec.secretRef }, { signal }),
    findHibernation(kube, namespace, shoot, signal),
    isSelfHosted(shoot) ? undefined : publishedWebhooks(options, signal),
    ensureShootAccess(kube, namespace, driver.shootAccess, { signal }),
  ]);
  const apply = (desired: DesiredManagedResource) =>
    applyManagedResource(kube, namespace, desired, found.get(desired.name), { signal, writeDocument });

  const bringSeed = async () => {
    const objects = await driver.desired({
      operation,
      namespace,
      scaledDown: hibernation === 'down',
      secrets: certificates.current,
      bundles: certificates.bundles,
      credentials,
      checksums: checksumsOf(certificates, credentials?.data),
      genericKubeconfigSecret: genericKubeconfigSecretOf(cluster),
    });
    await apply(desiredSeed(objects));
    return objects;
  };
  const [objects, webhooks] = await all([bringSeed(), configuration && apply(shootWebhooks(configuration))]);
  // Nothing in the shoot is applied while it sleeps.
  if (webhooks && !isHibernationEnabled(shoot)) await waitForWebhooks(webhooks, operation, options);
  await all(desiredInShoot(objects).map(apply));
  await certificates.cleanup();
  return hibernation === 'goingDown' ? { requeueAfterMs: hibernationRequeueMs } : {};
}

async function makeSecrets(
  { cluster, log, signal }: Operation<ControlPlane>,
  namespace: string,
  { kube, driver, name, clock }: ControlPlaneOptions,
): Promise<SecretsResult> {
  const { phase, lastInitiationTime } = cluster.spec.shoot.status?.credentials?.rotation?.certificateAuthorities ?? {};
  return ensureSecrets({
    client: kube,
    namespace,
    identity: secretsIdentity(name),
    configs: driver.secretConfigs(namespace),
    rotation: { phase: phase ?? undefined, lastInitiationTime: lastInitiationTime ?? undefined },
    clock,
    signal,
    log,
  });
}

/** A Shoot without workers has no credentials. */
function checksumsOf(
  { current }: SecretsResult,
  credentials: Readonly<Record<string, string>> | undefined,
): ReadonlyMap<string, string> {
  const checksums = new Map([...current].map(([config, { checksum }]) => [config, checksum]));
  if (credentials) checksums.set('cloudprovider', secretChecksum(credentials));
  return checksums;
}

/** Right after the start they may take a moment. */
async function publishedWebhooks(
  { shootWebhooks, clock }: ControlPlaneOptions,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  if (!shootWebhooks) return undefined;
  const limit = limited(clock, publishMs, 'Publishing the webhooks of shoots (see the log of their server)', signal);
  try {
    return await shootWebhooks(limit.signal);
  } finally {
    limit.release();
  }
}

async function waitForWebhooks(
  webhooks: ManagedResource,
  { object, log, pause, progress }: Operation<ControlPlane>,
  { kube, clock }: ControlPlaneOptions,
): Promise<void> {
  if (unreadiness(webhooks) === undefined) return;
  progress('Waiting until the webhooks are in the shoot', 50);
  const { namespace = '' } = object.metadata;
  await pause((signal) =>
    waitUntilReady(namespace, shootWebhooksName, { client: kube, clock, log, timeoutMs: waitMs, signal }),
  );
}

/** Gardener's extensions run in such a shoot themselves. */
function isSelfHosted({ spec }: Shoot): boolean {
  return spec.provider?.workers?.some((worker) => Boolean(worker.controlPlane)) ?? false;
}
