import type { CallOptions, KubeClient } from '../../../kube/client.ts';
import { defineResource } from '../../../kube/resource.ts';

const registration = { group: 'admissionregistration.k8s.io', version: 'v1', namespaced: false };

export const webhookConfigurations = [
  defineResource({ ...registration, kind: 'MutatingWebhookConfiguration', plural: 'mutatingwebhookconfigurations' }),
  defineResource({
    ...registration,
    kind: 'ValidatingWebhookConfiguration',
    plural: 'validatingwebhookconfigurations',
  }),
] as const;

/** Deletes what firewall-controller-manager registered for one shoot: it is cluster-scoped and outlives the namespace. */
export async function deleteWebhookConfigurations(
  kube: KubeClient,
  namespace: string,
  options: CallOptions,
): Promise<void> {
  for (const resource of webhookConfigurations) {
    await kube.delete(resource, { name: `firewall-controller-manager-${namespace}` }, options);
  }
}
