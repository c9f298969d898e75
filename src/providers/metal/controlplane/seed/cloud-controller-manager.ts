import type { V1EnvVar, V1PodSpec } from '@kubernetes/client-node';
import type { KubeObject } from '../../../../kube/object.ts';
import { service } from '../../../objects.ts';
import { held } from '../held.ts';
import type { ControlPlaneModel } from '../model.ts';
import { CCM_SERVER } from '../secrets.ts';
import { controller } from './controller.ts';
import {
  checksumsOf,
  credential,
  image,
  kubeconfigMount,
  kubeconfigVolume,
  podLabels,
  restrictedContainer,
  SHOOT_KUBECONFIG,
} from './pods.ts';

const NAME = 'cloud-controller-manager';
const PORT = 10_258;
const CERTIFICATE_DIR = '/var/lib/cloud-controller-manager-server';
export const CCM_SELECTOR = { app: 'kubernetes', role: NAME };

/** Those that Gardener's own components accept. */
const CIPHER_SUITES = [
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305',
];

/** metal-ccm: node lifecycle and load balancers (metal-components A, I.1). */
export function cloudControllerManager(model: ControlPlaneModel): readonly KubeObject[] {
  const { namespace } = model;
  return [
    service({
      metadata: {
        name: NAME,
        namespace,
        labels: CCM_SELECTOR,
        annotations: {
          'networking.resources.gardener.cloud/from-all-scrape-targets-allowed-ports': JSON.stringify([
            { port: PORT, protocol: 'TCP' },
          ]),
        },
      },
      spec: {
        type: 'ClusterIP',
        clusterIP: 'None',
        ports: [{ name: 'metrics', port: PORT, protocol: 'TCP' }],
        selector: CCM_SELECTOR,
      },
    }),
    ...controller(model, {
      name: NAME,
      selector: CCM_SELECTOR,
      podLabels,
      podAnnotations: checksumsOf(model, CCM_SERVER, 'cloudprovider'),
      podSpec: podSpec(model),
    }),
  ];
}

function podSpec(model: ControlPlaneModel): V1PodSpec {
  const healthz = { path: '/healthz', scheme: 'HTTPS', port: 'ccm-secure' };
  return {
    automountServiceAccountToken: false,
    containers: [
      {
        name: NAME,
        ...image(model, 'metalccm'),
        command: ['./metal-cloud-controller-manager', ...flags(model)],
        env: environment(model),
        ports: [{ name: 'ccm-secure', containerPort: PORT, protocol: 'TCP' }],
        startupProbe: { httpGet: healthz, initialDelaySeconds: 15, periodSeconds: 5, timeoutSeconds: 5 },
        livenessProbe: {
          httpGet: healthz,
          failureThreshold: 15,
          initialDelaySeconds: 15,
          periodSeconds: 60,
          timeoutSeconds: 15,
        },
        resources: { requests: { cpu: '100m', memory: '64Mi' } },
        securityContext: restrictedContainer,
        volumeMounts: [kubeconfigMount, { name: CCM_SERVER, mountPath: CERTIFICATE_DIR, readOnly: true }],
      },
    ],
    volumes: [
      kubeconfigVolume(model, NAME),
      { name: CCM_SERVER, secret: { secretName: held(model.secrets, CCM_SERVER).name } },
    ],
  };
}

function flags({ featureGates }: ControlPlaneModel): string[] {
  const gates = Object.entries(featureGates)
    .map(([name, enabled]) => `${name}=${enabled}`)
    .sort();
  return [
    '--concurrent-service-syncs=10',
    ...(gates.length > 0 ? [`--feature-gates=${gates.join(',')}`] : []),
    `--kubeconfig=${SHOOT_KUBECONFIG}`,
    `--authentication-kubeconfig=${SHOOT_KUBECONFIG}`,
    `--authorization-kubeconfig=${SHOOT_KUBECONFIG}`,
    '--leader-elect=true',
    `--secure-port=${PORT}`,
    `--tls-cert-file=${CERTIFICATE_DIR}/tls.crt`,
    `--tls-private-key-file=${CERTIFICATE_DIR}/tls.key`,
    `--tls-cipher-suites=${CIPHER_SUITES.join(',')}`,
    '--use-service-account-credentials',
    '--v=2',
  ];
}

/** As the Go extension sets it; METAL_NETWORK_ID is for images that an operator has kept from long ago. */
function environment(model: ControlPlaneModel): V1EnvVar[] {
  const { url, credentials } = model.metalApi;
  return [
    { name: 'METAL_API_URL', value: url },
    credential(credentials === 'metalAPIHMac' ? 'METAL_AUTH_HMAC' : 'METAL_AUTH_TOKEN', credentials),
    { name: 'METAL_PROJECT_ID', value: model.projectID },
    { name: 'METAL_PARTITION_ID', value: model.partitionID },
    { name: 'METAL_NETWORK_ID', value: model.nodeNetworkID },
    { name: 'METAL_CLUSTER_ID', value: model.clusterID },
    { name: 'METAL_DEFAULT_EXTERNAL_NETWORK_ID', value: model.defaultExternalNetwork },
    { name: 'METAL_ADDITIONAL_NETWORKS', value: model.firewallNetworks.join(',') },
    { name: 'METAL_SSH_PUBLICKEY', value: model.ssh?.publicKey ?? '' },
    { name: 'LOADBALANCER', value: model.loadBalancer },
  ];
}
