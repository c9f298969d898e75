import type { KubeClient } from '../../src/kube/client.ts';
import { cloudProvider } from '../../src/plan/gardenlet/cloud-provider.ts';
import { cloudProviderSecret } from '../../src/plan/gardenlet/infrastructure.ts';
import { StepError } from './error-codes.ts';
import { createOrPatch } from './merge.ts';
import { credentialsBindings, secrets } from './resources.ts';
import type { ShootObject } from './shoot.ts';

interface Sides {
  readonly garden: KubeClient;
  readonly seed: KubeClient;
  readonly signal: AbortSignal;
}

/** Where the Shoot's credentials are in the garden. Only Secrets are supported here. */
async function credentialsSource(
  { garden, signal }: Sides,
  shoot: ShootObject,
): Promise<{ readonly namespace: string; readonly name: string }> {
  const name = shoot.spec.credentialsBindingName;
  if (!name) throw new StepError('the Shoot has no spec.credentialsBindingName', ['ERR_CONFIGURATION_PROBLEM']);
  const binding = await garden.get(credentialsBindings, { namespace: shoot.metadata.namespace, name }, { signal });
  const { kind, namespace, name: secret } = binding.credentialsRef;
  if (kind !== 'Secret') {
    throw new StepError(`CredentialsBinding ${name} refers to a ${kind}; only Secret is supported here`, [
      'ERR_CONFIGURATION_PROBLEM',
    ]);
  }
  return { namespace, name: secret };
}

/** Copies the credentials into the control-plane namespace; no write when they are there already. */
export async function syncCloudProvider(sides: Sides, shoot: ShootObject, namespace: string): Promise<void> {
  const source = await sides.garden.get(secrets, await credentialsSource(sides, shoot), { signal: sides.signal });
  const key = { namespace, name: cloudProviderSecret };
  await createOrPatch(sides.seed, secrets, key, () => cloudProvider(namespace, source), sides.signal);
}
