import type { KubeObject } from '../../../../kube/object.ts';
import { mutatingWebhookConfiguration, validatingWebhookConfiguration } from '../../../objects.ts';
import { held } from '../held.ts';
import type { ControlPlaneModel } from '../model.ts';
import { CA } from '../secrets.ts';

const KINDS = ['firewall', 'firewallset', 'firewalldeployment'] as const;

/**
 * The webhooks of firewall-controller-manager, for the firewalls of this cluster only (metal-components C.4). None while it
 * does not run: nobody would answer, and what is written to firewalls of a sleeping shoot would fail.
 */
export function firewallWebhooks(model: ControlPlaneModel): readonly KubeObject[] {
  if (model.scaledDown) return [];
  const { namespace } = model;
  const metadata = { name: `firewall-controller-manager-${namespace}` };
  const mutating = { objectSelector: { matchLabels: { 'gardener-shoot-namespace': namespace } } };
  const validating = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } };
  return [
    mutatingWebhookConfiguration({
      metadata,
      webhooks: KINDS.map((kind) => ({ ...webhook(model, 'mutate', kind, ['CREATE']), ...mutating })),
    }),
    validatingWebhookConfiguration({
      metadata,
      webhooks: KINDS.map((kind) => ({ ...webhook(model, 'validate', kind, ['CREATE', 'UPDATE']), ...validating })),
    }),
  ];
}

function webhook(
  { namespace, bundles }: ControlPlaneModel,
  verb: 'mutate' | 'validate',
  kind: (typeof KINDS)[number],
  operations: string[],
) {
  return {
    name: `${kind}.metal-stack.io`,
    admissionReviewVersions: ['v1'],
    clientConfig: {
      // Trusts old and new CA: the API server must never meet a certificate that it cannot verify.
      caBundle: held(bundles, CA).data['bundle.crt'] ?? '',
      service: {
        name: 'firewall-controller-manager',
        namespace,
        port: 9443,
        path: `/${verb}-firewall-metal-stack-io-v2-${kind}`,
      },
    },
    failurePolicy: 'Fail',
    sideEffects: 'None',
    rules: [{ apiGroups: ['firewall.metal-stack.io'], apiVersions: ['v2'], operations, resources: [`${kind}s`] }],
  };
}
