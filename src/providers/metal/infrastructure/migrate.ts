import type { Infrastructure } from '../../../apis/extensions/infrastructure.ts';
import type { CallOptions, KubeClient } from '../../../kube/client.ts';
import { isConflict, isNotFound } from '../../../kube/errors.ts';
import { type Secret, secrets } from '../../../kube/secret.ts';
import type { Operation, Outcome } from '../../provider.ts';
import type { InfrastructureDependencies } from './reconcile.ts';

/** The machine controller leaves it on the Secrets of machine classes, where it would block the namespace's deletion. */
export const MACHINE_CONTROLLER_FINALIZER = 'machine.sapcloud.io/machine-controller';

const SELECTORS = ['garden.sapcloud.io/purpose=machineclass', 'gardener.cloud/purpose=machineclass'];

/** Leaves all at metal-api as it is: the destination seed adopts it by label. */
export async function migrate(
  { object, signal }: Operation<Infrastructure>,
  { kube }: InfrastructureDependencies,
): Promise<Outcome<Infrastructure>> {
  const { namespace } = object.metadata;
  const names = new Set<string>();
  for (const labelSelector of SELECTORS) {
    const { items } = await kube.list(secrets, { namespace, labelSelector, signal });
    for (const secret of items) if (isHeldMachineClassSecret(secret)) names.add(secret.metadata.name);
  }
  for (const name of names) await release(kube, { namespace, name }, { signal });
  return {};
}

function isHeldMachineClassSecret({ metadata }: Secret): boolean {
  return metadata.name.startsWith('shoot--') && (metadata.finalizers?.includes(MACHINE_CONTROLLER_FINALIZER) ?? false);
}

/** The list of finalizers is replaced whole, so the write is tied to the version that was read. */
async function release(
  kube: KubeClient,
  key: { namespace: string | undefined; name: string },
  options: CallOptions,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const secret = await kube.find(secrets, key, options);
    if (!secret || !isHeldMachineClassSecret(secret)) return;
    const { resourceVersion, finalizers = [] } = secret.metadata;
    const rest = finalizers.filter((finalizer) => finalizer !== MACHINE_CONTROLLER_FINALIZER);
    try {
      await kube.mergePatch(secrets, key, { metadata: { resourceVersion, finalizers: rest } }, options);
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!isConflict(error) || attempt >= 5) throw error;
    }
  }
}
