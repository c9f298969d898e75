import type { KubeObject } from '../../src/kube/object.ts';
import type { Container, PodTemplate } from '../pods/pod-spec.ts';

const NAME = 'machine-controller-manager';
const LABELS = { app: 'kubernetes', role: NAME } as const;
/** The ServiceAccount in the shoot whose token the access Secret gets. */
const SHOOT_ACCOUNT = { name: NAME, namespace: 'kube-system' } as const;
const MOUNT = '/var/run/secrets/gardener.cloud/shoot/generic-kubeconfig';

export interface MachineControllerManagerOptions {
  readonly namespace: string;
  /** 0 while the shoot sleeps; otherwise the Worker's controller changes it as it needs (gardener-contract 2.7). */
  readonly replicas: number;
  /** Name of the Secret with the kubeconfig whose token is a file beside it. */
  readonly genericKubeconfigSecret: string;
  /** Default: the repository that landscape/pods has a program for. */
  readonly image?: string;
}

export interface MachineControllerManagerDeployment extends KubeObject {
  spec: {
    replicas: number;
    revisionHistoryLimit: number;
    selector: { matchLabels: Record<string, string> };
    template: PodTemplate & { metadata: { labels: Record<string, string> } };
  };
}

function container({
  namespace,
  image,
}: MachineControllerManagerOptions): Container & { readonly livenessProbe: object } {
  return {
    name: NAME,
    image: image ?? 'europe-docker.pkg.dev/gardener-project/releases/gardener/machine-controller-manager:v0.61.3',
    command: [
      './machine-controller-manager',
      '--control-kubeconfig=inClusterConfig',
      `--target-kubeconfig=${MOUNT}/kubeconfig`,
      `--namespace=${namespace}`,
      '--port=10258',
      '--machine-safety-overshooting-period=1m',
      '--safety-up=2',
      '--safety-down=1',
      '--concurrent-syncs=30',
      '--kube-api-qps=150',
      '--kube-api-burst=200',
      '--v=3',
    ],
    ports: [{ name: 'metrics', containerPort: 10258 }],
    livenessProbe: { httpGet: { path: '/healthz', port: 10258 }, initialDelaySeconds: 30, timeoutSeconds: 5 },
    volumeMounts: [{ name: 'kubeconfig', mountPath: MOUNT }],
  };
}

/** As gardenlet deploys it, without what extensions add by their webhooks (gardener-contract 2.12). */
export function machineControllerManagerDeployment(
  options: MachineControllerManagerOptions,
): MachineControllerManagerDeployment {
  const { namespace, replicas, genericKubeconfigSecret } = options;
  const sources = [
    { secret: { name: genericKubeconfigSecret, items: [{ key: 'kubeconfig', path: 'kubeconfig' }] } },
    { secret: { name: `shoot-access-${NAME}`, items: [{ key: 'token', path: 'token' }] } },
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: NAME,
      namespace,
      labels: {
        ...LABELS,
        'gardener.cloud/role': 'controlplane',
        'high-availability-config.resources.gardener.cloud/type': 'controller',
        'provider.extensions.gardener.cloud/mutated-by-controlplane-webhook': 'true',
      },
    },
    spec: {
      replicas,
      revisionHistoryLimit: 2,
      selector: { matchLabels: { ...LABELS } },
      template: {
        metadata: { labels: { ...LABELS, 'gardener.cloud/role': 'controlplane' } },
        spec: {
          serviceAccountName: NAME,
          containers: [container(options)],
          volumes: [{ name: 'kubeconfig', projected: { sources } }],
        },
      },
    },
  };
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

export interface RoleObject extends KubeObject {
  rules: readonly Rule[];
}

export interface BindingObject extends KubeObject {
  roleRef: { apiGroup: string; kind: string; name: string };
  subjects: { kind: string; name: string; namespace: string }[];
}

const every = ['create', 'get', 'list', 'patch', 'update', 'watch', 'delete', 'deletecollection'];
const rbac = 'rbac.authorization.k8s.io';
const machineKinds = ['machineclasses', 'machinedeployments', 'machines', 'machinesets'];

/** Who it is in the seed and what it may do there, and its access to the shoot. */
export function machineControllerManagerAccess(namespace: string): {
  readonly serviceAccount: KubeObject;
  readonly role: RoleObject;
  readonly roleBinding: BindingObject;
  readonly accessSecret: KubeObject;
} {
  const metadata = { name: NAME, namespace };
  return {
    serviceAccount: { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    role: {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata,
      rules: [
        {
          apiGroups: ['machine.sapcloud.io'],
          resources: machineKinds.flatMap((kind) => [kind, `${kind}/status`]),
          verbs: every,
        },
        { apiGroups: [''], resources: ['secrets'], verbs: every },
        {
          apiGroups: ['', 'events.k8s.io'],
          resources: ['events'],
          verbs: ['get', 'list', 'create', 'patch', 'update'],
        },
        { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create', 'get', 'watch', 'update'] },
      ],
    },
    roleBinding: {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name: NAME },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    },
    accessSecret: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: `shoot-access-${NAME}`,
        namespace,
        labels: {
          'resources.gardener.cloud/purpose': 'token-requestor',
          'resources.gardener.cloud/class': 'shoot',
        },
        annotations: {
          'serviceaccount.resources.gardener.cloud/name': SHOOT_ACCOUNT.name,
          'serviceaccount.resources.gardener.cloud/namespace': SHOOT_ACCOUNT.namespace,
        },
      },
    },
  };
}

/** What it, and the provider's container beside it, may do in the shoot: they share the token. */
export function machineControllerManagerShootAccess(): { readonly role: RoleObject; readonly binding: BindingObject } {
  const name = `system:${NAME}`;
  return {
    role: {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name },
      rules: [
        {
          apiGroups: [''],
          resources: ['nodes', 'nodes/status', 'pods', 'endpoints', 'replicationcontrollers', 'secrets', 'configmaps'],
          verbs: every,
        },
        { apiGroups: [''], resources: ['pods/eviction', 'events'], verbs: ['create', 'patch', 'update'] },
        {
          apiGroups: [''],
          resources: ['persistentvolumes', 'persistentvolumeclaims', 'services', 'namespaces'],
          verbs: ['get', 'list', 'watch'],
        },
        {
          apiGroups: ['apps', 'policy', 'storage.k8s.io'],
          resources: ['daemonsets', 'replicasets', 'statefulsets', 'poddisruptionbudgets', 'volumeattachments'],
          verbs: ['get', 'list', 'watch', 'delete'],
        },
      ],
    },
    binding: {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', ...SHOOT_ACCOUNT }],
    },
  };
}
