import type { Finding } from '../providers/doctor.ts';
import type { WebhookTarget } from './seed.ts';

/** Webhooks of the extension that nobody can answer: what they are called for is refused or not changed. */
export function webhookTargetFindings(targets: readonly WebhookTarget[]): readonly Finding[] {
  return targets
    .filter(({ exists }) => !exists)
    .map(({ configuration, service }) => ({
      ...{ severity: 'error', kind: 'WebhookWithoutService', object: configuration, cluster: '' },
      message: `calls Service ${service}, which does not exist`,
      advice: 'Install the extension again, or delete the configuration if the extension is gone',
    }));
}
