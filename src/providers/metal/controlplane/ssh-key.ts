import type { KubeClient } from '../../../kube/client.ts';
import { type Secret, secrets } from '../../../kube/secret.ts';
import type { ControlPlaneModel } from './model.ts';

const SELECTOR = 'managed-by=secrets-manager,manager-identity=gardenlet,name=ssh-keypair';

/** The key pair of the nodes that gardenlet keeps; during a rotation there are two. */
export async function findSshKey(
  kube: KubeClient,
  namespace: string,
  signal: AbortSignal,
): Promise<ControlPlaneModel['ssh']> {
  const { items } = await kube.list(secrets, { namespace, labelSelector: SELECTOR, signal });
  return newestSshKey(items);
}

/** Undefined when there is none: the owner has switched SSH access off. */
export function newestSshKey(found: readonly Secret[]): ControlPlaneModel['ssh'] {
  const issuedAt = ({ metadata }: Secret): number => Number(metadata.labels?.['issued-at-time'] ?? '') || 0;
  const newest = found.toSorted((left, right) => issuedAt(right) - issuedAt(left))[0];
  const publicKey = Buffer.from(newest?.data?.['id_rsa.pub'] ?? '', 'base64').toString('utf8');
  return newest && publicKey ? { publicKey, secretName: newest.metadata.name } : undefined;
}
