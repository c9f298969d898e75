import { Buffer } from 'node:buffer';
import { isNotFound } from '../../../src/kube/errors.ts';
import type { FlowStep, Operation } from '../context.ts';
import { syncCloudProvider } from '../credentials.ts';
import { namespaces, type Secret, secrets } from '../resources.ts';
import { generateSshKeypair } from '../ssh-keypair.ts';

export const deployCloudProvider: FlowStep = {
  name: 'Deploying the cloud provider secret',
  run: (operation) => syncCloudProvider(operation, operation.shoot, operation.namespace),
};

/**
 * Before the deletion: the extension needs credentials that are right now, not those of the last reconciliation. When the
 * source is gone, what was copied last has to do.
 */
export const refreshCloudProvider: FlowStep = {
  name: 'Refreshing the cloud provider secret',
  async run(operation) {
    const { seed, namespace, signal } = operation;
    const found = await seed.find(namespaces, { name: namespace }, { signal });
    if (!found || found.metadata.deletionTimestamp) return;
    try {
      await deployCloudProvider.run(operation);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      operation.log.warn({ namespace }, 'The source of the credentials is gone');
    }
  },
};

const sshSecret = 'ssh-keypair';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const deploySecrets: FlowStep = {
  name: 'Initializing the secrets of the Shoot',
  async run(operation) {
    const { workers, workersSettings } = operation.shoot.spec.provider;
    const wanted = (workers?.length ?? 0) > 0 && workersSettings?.sshAccess?.enabled !== false;
    operation.sshPublicKey = wanted ? await sshPublicKey(operation) : undefined;
  },
};

async function sshPublicKey({ seed, namespace, clock, signal }: Operation): Promise<string | undefined> {
  const found = await seed.find(secrets, { namespace, name: sshSecret }, { signal });
  const secret = found ?? (await seed.create(secrets, await newSshSecret(namespace, clock.now()), { signal }));
  return secret.data?.['id_rsa.pub'];
}

async function newSshSecret(namespace: string, now: number): Promise<Secret> {
  const pair = await generateSshKeypair();
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: sshSecret,
      namespace,
      labels: {
        name: sshSecret,
        persist: 'true',
        'managed-by': 'secrets-manager',
        'manager-identity': 'gardenlet',
        'issued-at-time': String(Math.floor(now / 1000)),
      },
    },
    type: 'Opaque',
    data: { id_rsa: base64(pair.privateKey), 'id_rsa.pub': base64(pair.publicKey) },
  };
}
