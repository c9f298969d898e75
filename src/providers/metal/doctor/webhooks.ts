import type { KubeObject } from '../../../kube/object.ts';
import { type Finding, isOld } from '../../doctor.ts';

const PREFIX = 'firewall-controller-manager-';

/** The control-plane namespace that a webhook configuration of firewall-controller-manager is for. */
function namespaceOfWebhooks(name: string): string | undefined {
  const namespace = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : '';
  return namespace.startsWith('shoot--') ? namespace : undefined;
}

/**
 * Webhook configurations of firewall-controller-manager outlive their namespace when it went without the Infrastructure's
 * deletion. Nobody answers them any more.
 */
export function webhookFindings(
  configurations: readonly KubeObject[],
  namespaces: ReadonlySet<string>,
  now: number,
): readonly Finding[] {
  return configurations.flatMap(({ kind, metadata }) => {
    const { name, uid = '', creationTimestamp } = metadata;
    const namespace = namespaceOfWebhooks(name);
    if (namespace === undefined || namespaces.has(namespace) || !isOld(creationTimestamp, now)) return [];
    if (kind !== 'MutatingWebhookConfiguration' && kind !== 'ValidatingWebhookConfiguration') return [];
    return {
      ...{ severity: 'warning', kind: 'WebhookConfigurationLeaked', object: `${kind} ${name}`, cluster: namespace },
      message: `is for namespace ${namespace}, which does not exist any more`,
      advice: 'Delete it',
      fix: { action: 'delete', kind, key: { name }, uid, goneNamespace: namespace },
    } satisfies Finding;
  });
}
