import type { V1PodSpec } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../../kube/object.ts';
import { createImages } from '../../images.ts';
import { modelWith } from '../fixtures.ts';
import { shootObjects } from './shoot.ts';

interface Workload extends KubeObject {
  readonly spec: { readonly template: { readonly metadata: KubeObject['metadata']; readonly spec: V1PodSpec } };
}

const encode = (text: string): string => Buffer.from(text).toString('base64');

const objects = shootObjects(
  modelWith({
    images: createImages(new Map([['metallb-speaker', 'registry/speaker:v1']])),
    imagePullPolicy: 'Always',
    nodeCIDRs: ['10.0.0.0/22', '2001:db8:1::/64'],
  }),
);

function find<T extends KubeObject>(kind: string, name: string): T {
  const found = objects.filter((object) => object.kind === kind && object.metadata.name === name);
  expect(found).toHaveLength(1);
  return found[0] as T;
}

const names = (kind: string) => objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);

test('The controller has the images of the vector, the certificate and the sidecar', () => {
  const { metadata, spec } = find<Workload>('Deployment', 'controller').spec.template;
  expect(metadata).toMatchObject({
    labels: { component: 'controller' },
    annotations: { 'checksum/secret-metallb-webhook-server': 'sha-of-metallb-webhook-cert' },
  });
  expect(spec).toMatchObject({
    priorityClassName: 'system-cluster-critical',
    volumes: [{ name: 'cert', secret: { secretName: 'webhook-server-cert', defaultMode: 420 } }],
  });
  expect(spec.containers).toMatchObject([
    {
      image: 'quay.io/metallb/controller:v0.15.2',
      imagePullPolicy: 'Always',
      args: ['--port=7472', '--webhook-secret=webhook-server-cert', '--disable-cert-rotation=true'],
    },
    { name: 'health', image: 'ghcr.io/metal-stack/metallb-health-sidecar:v0.1.2' },
  ]);
});

test('The speaker has an address of its own and runs on every node', () => {
  const { spec } = find<Workload>('DaemonSet', 'speaker').spec.template;
  expect(spec).toMatchObject({
    hostNetwork: false,
    priorityClassName: 'system-node-critical',
    tolerations: [{ operator: 'Exists' }],
  });
  expect(spec.containers).toMatchObject([
    {
      image: 'registry/speaker:v1',
      env: [
        { name: 'METALLB_HOST', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        { name: 'METALLB_ML_LABELS', value: 'component=speaker' },
      ],
    },
  ]);
});

test('The certificate and the bundle that verifies it come from the secrets manager', () => {
  expect(find('Secret', 'webhook-server-cert')).toMatchObject({
    data: {
      'ca.crt': encode('ca.crt of metallb-webhook-cert'),
      'tls.crt': encode('tls.crt of metallb-webhook-cert'),
      'tls.key': encode('tls.key of metallb-webhook-cert'),
    },
  });
  const clientConfig = {
    service: { name: 'metallb-webhook-service' },
    caBundle: encode('bundle of ca-provider-metal-metallb-webhook'),
  };
  const converted = find('CustomResourceDefinition', 'bgppeers.metallb.io');
  expect(converted).toMatchObject({ spec: { conversion: { webhook: { clientConfig } } } });
  expect(find('CustomResourceDefinition', 'ipaddresspools.metallb.io')).toEqual(
    modelWith().manifests.metallb.find(({ metadata }) => metadata.name === 'ipaddresspools.metallb.io'),
  );
});

test('What MetalLB publishes is taken over, but for its Secret and webhook', () => {
  expect(names('ServiceAccount')).toContain('speaker');
  expect(names('Namespace')).toEqual(['firewall', 'metallb-system']);
  expect(names('Secret')).not.toContain('metallb-webhook-cert');
  expect(names('ValidatingWebhookConfiguration')).toEqual([]);
});

test('Speakers peer with the nodes of both families', () => {
  const nodes = [{ ipBlock: { cidr: '10.0.0.0/22' } }, { ipBlock: { cidr: '2001:db8:1::/64' } }];
  const bgp = [{ protocol: 'TCP', port: 179 }];
  expect(find('NetworkPolicy', 'allow-speaker')).toMatchObject({
    spec: {
      egress: expect.arrayContaining([{ ports: bgp, to: nodes }]),
      ingress: expect.arrayContaining([{ ports: bgp, from: nodes }]),
    },
  });
  const { spec } = find<KubeObject & { spec: object }>('NetworkPolicy', 'deny-all-metallb-system');
  expect(spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
});
