import { secretChecksum } from '../../secrets.ts';
import { type PodTemplate, withPodMetadata } from './workload.ts';

/**
 * An annotation with the checksum of the Secret `cloudprovider`, so that new credentials roll the pods.
 * A Shoot without workers has no credentials.
 */
export function withCredentialsChecksum(
  template: PodTemplate,
  credentials: Readonly<Record<string, string>> | undefined,
): PodTemplate {
  if (!credentials) return template;
  const annotations = { 'checksum/secret-cloudprovider': secretChecksum(credentials) };
  return withPodMetadata(template, { annotations });
}
