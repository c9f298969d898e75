import type { KubeClient } from '../../src/kube/client.ts';
import { StepError } from './error-codes.ts';
import { cloudProviderSecret } from './infrastructure.ts';
import { createOrPatch } from './merge.ts';
import { credentialsBindings, type Secret, secrets } from './resources.ts';
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

/** The Secret `cloudprovider` as gardenlet writes it: the source's data, and nothing else of it. */
export function cloudProvider(namespace: string, source: Secret): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: cloudProviderSecret,
      namespace,
      labels: { 'gardener.cloud/purpose': cloudProviderSecret },
      annotations: {},
    },
    type: 'Opaque',
    data: source.data ?? {},
  };
}

/** Copies the credentials into the control-plane namespace; no write when they are there already. */
export async function syncCloudProvider(sides: Sides, shoot: ShootObject, namespace: string): Promise<void> {
  const source = await sides.garden.get(secrets, await credentialsSource(sides, shoot), { signal: sides.signal });
  const key = { namespace, name: cloudProviderSecret };
  await createOrPatch(sides.seed, secrets, key, () => cloudProvider(namespace, source), sides.signal);
}
