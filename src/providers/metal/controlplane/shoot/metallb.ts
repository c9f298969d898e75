import type { KubeObject } from '../../../../kube/object.ts';
import { namespace, secret } from '../../../objects.ts';
import { published } from '../../manifests/manifests.ts';
import { held } from '../held.ts';
import type { ControlPlaneModel } from '../model.ts';
import { rights, rule } from '../rbac.ts';
import { METALLB_CERTIFICATE } from '../secrets.ts';
import { metallbPolicies } from './metallb-network-policies.ts';
import { controller, METALLB_SECRET, speaker } from './metallb-workloads.ts';
import { privilegedNamespace } from './pods.ts';

const METALLB = 'metallb-system';

/** Made otherwise here, or not wanted: without its webhook, the certificate serves the conversion of CRDs only. */
const replaced = [
  'Namespace',
  'CustomResourceDefinition',
  'Secret',
  'Deployment',
  'DaemonSet',
  'ValidatingWebhookConfiguration',
];

/** Announces the addresses of load balancers that cloud-controller-manager configures (metal-provider 4.3). */
export function metallb(model: ControlPlaneModel): readonly KubeObject[] {
  const { metallb: objects } = model.manifests;
  const account = { name: 'controller', namespace: METALLB };
  return [
    namespace({ metadata: { name: METALLB, labels: { app: 'metallb', ...privilegedNamespace } } }),
    ...objects.filter(({ kind = '' }) => !replaced.includes(kind)),
    // The sidecar tells in a ConfigMap how MetalLB does; the health check reads it.
    ...rights('health-monitoring', account, [
      rule('', 'configmaps', ['get', 'list', 'watch', 'create', 'patch', 'update']),
    ]),
    secret({
      metadata: { name: METALLB_SECRET, namespace: METALLB },
      type: 'Opaque',
      data: { ...held(model.secrets, METALLB_CERTIFICATE).data },
    }),
    controller(published(objects, 'Deployment', 'controller'), model),
    speaker(published(objects, 'DaemonSet', 'speaker'), model),
    ...metallbPolicies(METALLB, model.nodeCIDRs),
  ];
}
