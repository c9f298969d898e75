import { createHash } from 'node:crypto';
import { type PodTemplate, withPodMetadata } from './workload.ts';

/**
 * An annotation with the checksum of the Secret `cloudprovider`, so that new credentials roll the pods. The checksum is
 * that of Gardener's extension library (SHA-256 of the data as sorted JSON): pods do not roll when the extension changes.
 * A Shoot without workers has no credentials.
 */
export function withCredentialsChecksum(
  template: PodTemplate,
  credentials: Readonly<Record<string, string>> | undefined,
): PodTemplate {
  if (!credentials) return template;
  const sorted = Object.fromEntries(
    Object.keys(credentials)
      .sort()
      .map((key) => [key, credentials[key]]),
  );
  const checksum = createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
  return withPodMetadata(template, { annotations: { 'checksum/secret-cloudprovider': checksum } });
}
