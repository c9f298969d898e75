import type { KeyPair } from '../../../landscape/pki/authority.ts';

const NAME = 'firewall-controller-manager';
const GROUP = 'firewall.metal-stack.io';
const rbac = 'rbac.authorization.k8s.io';
const kinds = ['firewall', 'firewallset', 'firewalldeployment'] as const;

export interface Settings {
  readonly namespace: string;
  readonly clusterId: string;
  readonly metalApiUrl: string;
  readonly shootUrl: string;
  readonly seedUrl: string;
  readonly genericKubeconfigSecret: string;
  /** PEM of the authority of the webhooks' certificate. */
  readonly ca: string;
}

const labels = { app: NAME };

function deployment(settings: Settings): object {
  const { namespace, clusterId, metalApiUrl, shootUrl, seedUrl, genericKubeconfigSecret } = settings;
  const container = {
    name: NAME,
    image: `ghcr.io/metal-stack/${NAME}:v0.6.0`,
    args: [
      '-cert-dir=/certs',
      '-log-level=info',
      `-seed-api-url=${seedUrl}`,
      `-shoot-api-url=${shootUrl}`,
      '-internal-shoot-api-url=https://kube-apiserver',
      `-cluster-id=${clusterId}`,
      '-enable-leader-election',
      `-metal-api-url=${metalApiUrl}`,
      `-namespace=${namespace}`,
      `-shoot-kubeconfig-secret-name=${genericKubeconfigSecret}`,
      `-shoot-token-secret-name=shoot-access-${NAME}`,
      '-ssh-key-secret-name=ssh-keypair',
      '-shoot-token-path=/token',
    ],
    env: [{ name: 'METAL_AUTH_HMAC', valueFrom: { secretKeyRef: { name: 'cloudprovider', key: 'metalAPIHMac' } } }],
    readinessProbe: { httpGet: { path: '/healthz', port: 8081 } },
    ports: [{ name: 'webhooks', containerPort: 9443 }],
    volumeMounts: [
      { name: 'webhook-certs', mountPath: '/certs' },
      { name: 'token-dir', mountPath: '/token' },
    ],
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: NAME,
          containers: [container],
          volumes: [
            { name: 'webhook-certs', secret: { secretName: NAME } },
            { name: 'token-dir', emptyDir: {} },
          ],
        },
      },
    },
  };
}

const write = ['get', 'list', 'watch', 'update', 'patch', 'create'];

const seedRules = [
  {
    apiGroups: [GROUP],
    resources: ['firewalls', 'firewallsets', 'firewalldeployments'].flatMap((kind) => [kind, `${kind}/status`]),
    verbs: ['*'],
  },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: write },
  { apiGroups: [''], resources: ['secrets', 'serviceaccounts', 'events'], verbs: write },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: write },
  { apiGroups: [rbac], resources: ['roles', 'rolebindings'], verbs: write },
  { apiGroups: ['extensions.gardener.cloud'], resources: ['infrastructures', 'extensions'], verbs: ['get', 'update'] },
  { apiGroups: ['extensions.gardener.cloud'], resources: ['infrastructures/status'], verbs: ['patch'] },
];

function webhook(settings: Settings, verb: 'mutate' | 'validate', kind: string): object {
  const { namespace, ca } = settings;
  return {
    name: `${kind}.metal-stack.io`,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    clientConfig: {
      service: { name: NAME, namespace, path: `/${verb}-firewall-metal-stack-io-v2-${kind}`, port: 9443 },
      caBundle: Buffer.from(ca).toString('base64'),
    },
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    rules: [
      {
        apiGroups: [GROUP],
        apiVersions: ['v2'],
        operations: verb === 'mutate' ? ['CREATE'] : ['CREATE', 'UPDATE'],
        resources: [`${kind}s`],
      },
    ],
  };
}

function webhooks(settings: Settings, verb: 'mutate' | 'validate'): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: verb === 'mutate' ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration',
    metadata: { name: `${NAME}-${settings.namespace}` },
    webhooks: kinds.map((kind) => webhook(settings, verb, kind)),
  };
}

/** What the seed gets of firewall-controller-manager, in the form that the metal extension deploys it. */
export function seedObjects(settings: Settings): object[] {
  const metadata = { name: NAME, namespace: settings.namespace };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules: seedRules },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name: NAME },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'webhooks', port: 9443 }] },
    },
    deployment(settings),
    webhooks(settings, 'mutate'),
    webhooks(settings, 'validate'),
  ];
}

const shootRules = [
  { apiGroups: [GROUP], resources: ['firewallmonitors', 'firewallmonitors/status'], verbs: ['*'] },
  { apiGroups: [''], resources: ['namespaces', 'secrets', 'serviceaccounts'], verbs: [...write, 'delete'] },
  { apiGroups: [rbac], resources: ['clusterroles', 'clusterrolebindings'], verbs: [...write, 'bind', 'escalate'] },
  { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: ['*'] },
];

/** What the shoot gets: the rights of its account there, and the namespace of its monitors. */
export function shootObjects(): object[] {
  const metadata = { name: `system:${NAME}` };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'firewall' } },
    { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata, rules: shootRules },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: 'kube-system' }],
    },
  ];
}

/** The certificate of its webhooks. */
export const certificateSecret = (namespace: string, { cert, key }: KeyPair): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'kubernetes.io/tls',
  metadata: { name: NAME, namespace },
  stringData: { 'tls.crt': cert, 'tls.key': key },
});
