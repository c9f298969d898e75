import type { KubeObject } from '../../../kube/object.ts';
import type { Manifests } from './manifests.ts';

const crd = (name: string, spec: object = {}): KubeObject =>
  ({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name }, spec }) as KubeObject;

const workload = (kind: string, name: string, env: readonly object[]): KubeObject => {
  const container = { name, image: 'upstream', args: ['--port=7472'], env, securityContext: {} };
  const volumes = [{ name: 'cert', secret: { secretName: 'upstream', defaultMode: 420 } }];
  const spec = { template: { metadata: { labels: { component: name } }, spec: { containers: [container], volumes } } };
  return { apiVersion: 'apps/v1', kind, metadata: { name, namespace: 'metallb-system' }, spec } as KubeObject;
};

const conversion = {
  strategy: 'Webhook',
  webhook: { clientConfig: { service: { name: 'metallb-webhook-service' } }, conversionReviewVersions: ['v1'] },
};

/** For tests: as much of the published objects as the builders look at. The integration tests have the real ones. */
export const testManifests: Manifests = {
  metallb: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'metallb-system', labels: { privileged: 'yes' } } },
    crd('bgppeers.metallb.io', { conversion }),
    crd('ipaddresspools.metallb.io'),
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'metallb-webhook-cert', namespace: 'metallb-system' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'speaker', namespace: 'metallb-system' } },
    workload('Deployment', 'controller', []),
    workload('DaemonSet', 'speaker', [
      { name: 'METALLB_HOST', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
      { name: 'METALLB_ML_LABELS', value: 'component=speaker' },
    ]),
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'metallb-webhook-configuration' },
    },
  ],
  'firewall-controller': [crd('clusterwidenetworkpolicies.metal-stack.io')],
  'firewall-controller-manager': [
    crd('firewalldeployments.firewall.metal-stack.io'),
    crd('firewallmonitors.firewall.metal-stack.io'),
  ],
  'duros-controller': [crd('duros.storage.metal-stack.io')],
  'external-snapshotter': [crd('volumesnapshots.snapshot.storage.k8s.io')],
};
