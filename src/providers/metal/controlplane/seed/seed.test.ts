import type { V1Deployment, V1PodSpec } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../../kube/object.ts';
import { durosStorage, modelWith } from '../fixtures.ts';
import type { ControlPlaneModel } from '../model.ts';
import { cloudControllerManager } from './cloud-controller-manager.ts';
import { seedObjects } from './seed.ts';

const everything = modelWith({
  ssh: undefined,
  duros: durosStorage,
  ingressController: { namespace: 'ingress-nginx', podSelector: { app: 'ingress-nginx' } },
});

const names = (objects: readonly KubeObject[]) => objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);

/** The object of a kind and name, as the wire shows it. */
function find(changes: Partial<ControlPlaneModel>, kind: string, name: string) {
  const found = seedObjects(modelWith(changes)).filter((each) => each.kind === kind && each.metadata.name === name);
  expect(found).toHaveLength(1);
  return found[0] as KubeObject;
}

function pod(changes: Partial<ControlPlaneModel>, name: string) {
  const { spec } = find(changes, 'Deployment', name) as KubeObject & V1Deployment;
  const podSpec = spec?.template.spec as V1PodSpec;
  const [container] = podSpec.containers;
  const env = Object.fromEntries((container?.env ?? []).map((entry) => [entry.name, entry.value ?? entry.valueFrom]));
  return { replicas: spec?.replicas, template: spec?.template, podSpec, container, env };
}

describe('every object', () => {
  const objects = seedObjects(everything);

  test('says what it is, and is there once', () => {
    for (const { apiVersion, kind, metadata } of objects) {
      expect({ apiVersion, kind, name: metadata.name }).toEqual({
        apiVersion: expect.stringMatching(/./),
        kind: expect.stringMatching(/./),
        name: expect.stringMatching(/./),
      });
    }
    expect(new Set(names(objects)).size).toBe(objects.length);
  });

  test('is in the control-plane namespace, but for what belongs elsewhere', () => {
    const elsewhere = objects.filter(({ metadata }) => metadata.namespace !== 'shoot--p--s');
    expect(elsewhere.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ['MutatingWebhookConfiguration', undefined],
      ['ValidatingWebhookConfiguration', undefined],
      ['ClusterwideNetworkPolicy', 'firewall'],
    ]);
  });

  test('is made the same again', () => {
    expect(seedObjects(everything)).toEqual(objects);
    expect(JSON.stringify(seedObjects(everything))).toBe(JSON.stringify(objects));
  });
});

test('what an ordinary cluster has', () => {
  expect(names(seedObjects(modelWith()))).toEqual([
    'Service/cloud-controller-manager',
    'Deployment/cloud-controller-manager',
    'PodDisruptionBudget/cloud-controller-manager',
    'VerticalPodAutoscaler/cloud-controller-manager',
    'ServiceAccount/firewall-controller-manager',
    'Role/firewall-controller-manager',
    'RoleBinding/firewall-controller-manager',
    'Service/firewall-controller-manager',
    'Deployment/firewall-controller-manager',
    'PodDisruptionBudget/firewall-controller-manager',
    'VerticalPodAutoscaler/firewall-controller-manager',
    'MutatingWebhookConfiguration/firewall-controller-manager-shoot--p--s',
    'ValidatingWebhookConfiguration/firewall-controller-manager-shoot--p--s',
    'ServiceMonitor/shoot-cloud-controller-manager',
    'ServiceMonitor/shoot-firewall-controller-manager',
    'PrometheusRule/shoot-machine-controller-provider-metal',
  ]);
});

describe.each([
  ['cloud-controller-manager', { app: 'kubernetes', role: 'cloud-controller-manager' }],
  ['firewall-controller-manager', { app: 'firewall-controller-manager' }],
  ['duros-controller', { app: 'duros-controller' }],
])('%s', (name, matchLabels) => {
  const duros = durosStorage;

  test('keeps the selector of the Go extension, which selects its pods', () => {
    const { spec } = find({ duros }, 'Deployment', name) as KubeObject & V1Deployment;
    expect(spec?.selector).toEqual({ matchLabels });
    expect(spec?.template.metadata?.labels).toMatchObject(matchLabels);
  });

  test('needs no privileges', () => {
    const { podSpec, container } = pod({ duros }, name);
    expect(podSpec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test.each([
    ['awake', { scaledDown: false }, 1],
    ['asleep', { scaledDown: true }, 0],
  ])('%s', (_, state, replicas) => {
    expect(pod({ duros, ...state }, name).replicas).toBe(replicas);
  });
});

describe('cloud-controller-manager', () => {
  const NAME = 'cloud-controller-manager';

  test('is told of cluster, networks and credentials by its environment', () => {
    expect(pod({}, NAME).env).toEqual({
      METAL_API_URL: 'https://metal.example.com/metal',
      METAL_AUTH_HMAC: { secretKeyRef: { name: 'cloudprovider', key: 'metalAPIHMac' } },
      METAL_PROJECT_ID: 'project-1',
      METAL_PARTITION_ID: 'muc',
      METAL_NETWORK_ID: 'node-network',
      METAL_CLUSTER_ID: '5f2d0000-0000-4000-8000-000000000001',
      METAL_DEFAULT_EXTERNAL_NETWORK_ID: 'internet',
      METAL_ADDITIONAL_NETWORKS: 'internet,mpls',
      METAL_SSH_PUBLICKEY: 'ssh-rsa AAAA',
      LOADBALANCER: 'metallb',
    });
  });

  test('can do with an API key, where firewall-controller-manager cannot', () => {
    const model = modelWith({ metalApi: { url: 'https://metal.example.com', credentials: 'metalAPIKey' } });
    const environment = expect.arrayContaining([
      { name: 'METAL_AUTH_TOKEN', valueFrom: { secretKeyRef: { name: 'cloudprovider', key: 'metalAPIKey' } } },
    ]);
    expect(cloudControllerManager(model)).toContainEqual(
      expect.objectContaining({
        spec: expect.objectContaining({
          template: expect.objectContaining({
            spec: expect.objectContaining({ containers: [expect.objectContaining({ env: environment })] }),
          }),
        }),
      }),
    );
    expect(() => seedObjects(model)).toThrow(/set metalAPIHMac instead of metalAPIKey/);
  });

  test('takes feature gates in one order', () => {
    const gates = (featureGates: Record<string, boolean>) =>
      pod({ featureGates }, NAME).container?.command?.filter((flag) => flag.startsWith('--feature-gates'));
    expect(gates({})).toEqual([]);
    expect(gates({ B: false, A: true })).toEqual(['--feature-gates=A=true,B=false']);
  });

  test('has no access to the seed, and that to the shoot by the shared kubeconfig', () => {
    const { podSpec, container } = pod({}, NAME);
    expect(podSpec.automountServiceAccountToken).toBe(false);
    expect(podSpec.volumes).toMatchObject([
      {
        projected: {
          sources: [
            { secret: { name: 'generic-token-kubeconfig-01234567' } },
            { secret: { name: 'shoot-access-cloud-controller-manager' } },
          ],
        },
      },
      { secret: { secretName: 'cloud-controller-manager-server-01234567' } },
    ]);
    expect(container?.command).toContain(
      '--kubeconfig=/var/run/secrets/gardener.cloud/shoot/generic-kubeconfig/kubeconfig',
    );
  });

  test('rolls with its certificate and credentials', () => {
    expect(pod({}, NAME).template?.metadata?.annotations).toEqual({
      'checksum/secret-cloud-controller-manager-server': 'sha-of-cloud-controller-manager-server',
      'checksum/secret-cloudprovider': 'sha-of-cloudprovider',
    });
  });
});

describe('firewall-controller-manager', () => {
  const NAME = 'firewall-controller-manager';
  const args = (changes: Partial<ControlPlaneModel>) => pod(changes, NAME).container?.args;

  test('is told where seed, shoot and metal-api are', () => {
    expect(args({})).toEqual([
      '-cert-dir=/certs',
      '-log-level=info',
      '-seed-api-url=https://api.seed.example.com',
      '-shoot-api-url=https://api.s.p.example.com',
      '-internal-shoot-api-url=https://kube-apiserver',
      '-cluster-id=5f2d0000-0000-4000-8000-000000000001',
      '-enable-leader-election',
      '-metal-api-url=https://metal.example.com/metal',
      '-namespace=shoot--p--s',
      '-shoot-kubeconfig-secret-name=generic-token-kubeconfig-01234567',
      '-shoot-token-secret-name=shoot-access-firewall-controller-manager',
      '-ssh-key-secret-name=ssh-keypair-01234567',
      '-shoot-token-path=/token',
    ]);
  });

  test('has the timeouts that are set', () => {
    expect(args({ firewallTimeouts: { health: '30m0s', create: undefined } })).toContain(
      '-firewall-health-timeout=30m0s',
    );
    expect(args({ firewallTimeouts: { health: undefined, create: '1h' } })?.at(-1)).toBe('-create-timeout=1h');
  });

  test('without SSH access it gets a Secret with an empty key', () => {
    expect(args({ ssh: undefined })).toContain('-ssh-key-secret-name=firewall-controller-manager-no-ssh');
    expect(find({ ssh: undefined }, 'Secret', 'firewall-controller-manager-no-ssh')).toMatchObject({
      data: { 'id_rsa.pub': '' },
    });
  });

  test('is alive when healthy, and ready when ready', () => {
    expect(pod({}, NAME).container).toMatchObject({
      livenessProbe: { httpGet: { path: '/healthz', port: 'health' } },
      readinessProbe: { httpGet: { path: '/readyz', port: 'health' } },
    });
  });

  test.each([
    ['MutatingWebhookConfiguration', 'mutate', ['CREATE']],
    ['ValidatingWebhookConfiguration', 'validate', ['CREATE', 'UPDATE']],
  ])('%s: for the firewalls of this cluster, with the bundle of CAs', (kind, verb, operations) => {
    const { webhooks } = find({}, kind, 'firewall-controller-manager-shoot--p--s') as KubeObject & {
      webhooks: { clientConfig: { service: object }; rules: object[] }[];
    };
    expect(webhooks.map(({ clientConfig }) => clientConfig.service)).toEqual(
      ['firewall', 'firewallset', 'firewalldeployment'].map((resource) => ({
        name: NAME,
        namespace: 'shoot--p--s',
        port: 9443,
        path: `/${verb}-firewall-metal-stack-io-v2-${resource}`,
      })),
    );
    const selector =
      verb === 'mutate'
        ? { objectSelector: { matchLabels: { 'gardener-shoot-namespace': 'shoot--p--s' } } }
        : { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shoot--p--s' } } };
    for (const webhook of webhooks) {
      expect(webhook).toMatchObject({
        ...selector,
        clientConfig: { caBundle: Buffer.from('bundle of ca-provider-metal-controlplane').toString('base64') },
        failurePolicy: 'Fail',
        rules: [{ operations }],
      });
    }
  });

  test('asleep, its webhooks block nothing', () => {
    const objects = seedObjects(modelWith({ scaledDown: true }));
    expect(names(objects).filter((name) => name.includes('WebhookConfiguration'))).toEqual([]);
  });
});

describe('Duros', () => {
  test('its keys are in a Secret, and pods roll with them', () => {
    const rolled = (adminToken: string) =>
      pod({ duros: { ...durosStorage, adminToken } }, 'duros-controller').template?.metadata?.annotations;
    expect(rolled('one')).not.toEqual(rolled('other'));
    const { data } = find({ duros: durosStorage }, 'Secret', 'duros-admin') as KubeObject & { data: object };
    expect(Object.keys(data)).toEqual(['admin-key', 'admin-token', 'api-ca', 'api-cert', 'api-key']);
    expect(Object.values(data)[1]).toBe(Buffer.from('the admin token').toString('base64'));
  });

  test('files are named only where there are any', () => {
    const args = (more: object) => pod({ duros: { ...durosStorage, ...more } }, 'duros-controller').container?.args;
    expect(args({})).toEqual(expect.arrayContaining(['-api-ca=/duros/api-ca', '-api-key=/duros/api-key']));
    expect(args({ apiCA: undefined, apiCertificate: undefined })?.at(-1)).toBe('-api-endpoint=duros.example.com:443');
  });

  test('the shoot gets its storage classes', () => {
    expect(find({ duros: durosStorage }, 'Duros', 'shoot-default-storage')).toMatchObject({
      spec: { metalProjectID: 'project-1', storageClasses: durosStorage.storageClasses },
    });
  });

  test("the seed's own firewall lets it through, by a policy of this shoot", () => {
    const policy = find({ duros: durosStorage }, 'ClusterwideNetworkPolicy', 'allow-to-storage-shoot--p--s');
    expect(policy).toMatchObject({
      spec: { egress: [{ to: [{ cidr: '192.0.2.1/32' }] }] },
    });
    const duros = { ...durosStorage, endpoints: ['[2001:db8::1]:443'] };
    expect(names(seedObjects(modelWith({ duros })))).not.toContainEqual(expect.stringMatching(/^Clusterwide/));
  });
});

test('the ingress controller of the seed may be reached where the operator says so', () => {
  const ingressController = { namespace: 'ingress-nginx', podSelector: { app: 'ingress-nginx' } };
  expect(find({ ingressController }, 'NetworkPolicy', 'allow-to-ingress-controller')).toMatchObject({
    spec: {
      podSelector: {},
      egress: [
        {
          to: [
            {
              podSelector: { matchLabels: { app: 'ingress-nginx' } },
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } },
            },
          ],
        },
      ],
    },
  });
});
