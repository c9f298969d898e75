import type { SecretReference } from '../../apis/extensions/extension.ts';
import type { CallOptions, KubeClient } from '../../kube/client.ts';
import { keyOf } from '../../kube/object.ts';
import { type Secret, secrets } from '../../kube/secret.ts';
import { OperationError } from '../errors.ts';
import { configurationProblem } from './errors.ts';
import type { MetalApiCredentials } from './metal-api/auth.ts';

/** Reads the credentials of metal-api as they are now: they are rotated in place. */
export async function readCredentials(
  kube: KubeClient,
  reference: SecretReference,
  namespace: string | undefined,
  options: CallOptions,
): Promise<MetalApiCredentials> {
  const key = { namespace: reference.namespace ?? namespace, name: reference.name };
  return credentialsIn(await kube.find(secrets, key, options), keyOf(key));
}

/** Of a Secret that was looked for under this name, and perhaps not found. */
export function credentialsIn(secret: Secret | undefined, name: string): MetalApiCredentials {
  if (secret) return credentialsOf(secret, name);
  throw new OperationError(`Secret ${name} with the metal-api credentials does not exist`, {
    codes: ['ERR_RETRYABLE_CONFIGURATION_PROBLEM'],
  });
}

/** Exactly one of `metalAPIHMac` and `metalAPIKey`; the bytes are taken as they are. */
export function credentialsOf(
  secret: Omit<Secret, 'data'> & { data?: Secret['data'] | null },
  name: string,
): MetalApiCredentials {
  const read = (field: string) => Buffer.from(secret.data?.[field] ?? '', 'base64').toString('utf8');
  const hmac = read('metalAPIHMac');
  const token = read('metalAPIKey');
  if (hmac && token)
    throw configurationProblem(`Secret ${name}: either metalAPIHMac or metalAPIKey must be set, not both`);
  if (hmac) return { hmac };
  if (!token) throw configurationProblem(`Secret ${name}: either metalAPIHMac or metalAPIKey must be set`);
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw configurationProblem(
      `Secret ${name}: metalAPIKey has spaces, line ends or characters that a token cannot have`,
    );
  }
  return { token };
}
