import type {
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1ConfigMap,
  V1DaemonSet,
  V1Deployment,
  V1LabelSelector,
  V1MutatingWebhookConfiguration,
  V1Namespace,
  V1NetworkPolicyPort,
  V1PodDisruptionBudget,
  V1Role,
  V1RoleBinding,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StorageClass,
  V1ValidatingWebhookConfiguration,
} from '@kubernetes/client-node';
import type { KubeObject, ObjectMeta } from '../kube/object.ts';

/** An object as it is written: the fields of its kind are checked, what servers fill in is left out. */
type Fields<T> = Omit<T, 'apiVersion' | 'kind' | 'metadata' | 'status'>;
type Named<T> = Fields<T> & { readonly metadata: ObjectMeta };

const maker =
  <T>(apiVersion: string, kind: string) =>
  (fields: Named<T>): KubeObject & Fields<T> => ({ apiVersion, kind, ...fields });

export const namespace = maker<V1Namespace>('v1', 'Namespace');
export const service = maker<V1Service>('v1', 'Service');
export const serviceAccount = maker<V1ServiceAccount>('v1', 'ServiceAccount');
export const secret = maker<V1Secret>('v1', 'Secret');
export const configMap = maker<V1ConfigMap>('v1', 'ConfigMap');
export const deployment = maker<V1Deployment>('apps/v1', 'Deployment');
export const daemonSet = maker<V1DaemonSet>('apps/v1', 'DaemonSet');
export const role = maker<V1Role>('rbac.authorization.k8s.io/v1', 'Role');
export const roleBinding = maker<V1RoleBinding>('rbac.authorization.k8s.io/v1', 'RoleBinding');
export const clusterRole = maker<V1ClusterRole>('rbac.authorization.k8s.io/v1', 'ClusterRole');
export const clusterRoleBinding = maker<V1ClusterRoleBinding>('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding');
export const podDisruptionBudget = maker<V1PodDisruptionBudget>('policy/v1', 'PodDisruptionBudget');
export const storageClass = maker<V1StorageClass>('storage.k8s.io/v1', 'StorageClass');
export const networkPolicy = maker<NetworkPolicy>('networking.k8s.io/v1', 'NetworkPolicy');
export const mutatingWebhookConfiguration = maker<V1MutatingWebhookConfiguration>(
  'admissionregistration.k8s.io/v1',
  'MutatingWebhookConfiguration',
);
export const validatingWebhookConfiguration = maker<V1ValidatingWebhookConfiguration>(
  'admissionregistration.k8s.io/v1',
  'ValidatingWebhookConfiguration',
);
export const verticalPodAutoscaler = maker<VerticalPodAutoscaler>('autoscaling.k8s.io/v1', 'VerticalPodAutoscaler');
export const serviceMonitor = maker<ServiceMonitor>('monitoring.coreos.com/v1', 'ServiceMonitor');
export const prometheusRule = maker<PrometheusRule>('monitoring.coreos.com/v1', 'PrometheusRule');

/** Declared here because the library calls `from` something else than the wire does. */
interface NetworkPolicy {
  readonly spec: {
    readonly podSelector: V1LabelSelector;
    readonly policyTypes: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly { readonly ports?: readonly V1NetworkPolicyPort[]; readonly from?: readonly Peer[] }[];
    readonly egress?: readonly { readonly ports?: readonly V1NetworkPolicyPort[]; readonly to?: readonly Peer[] }[];
  };
}

interface Peer {
  readonly podSelector?: V1LabelSelector;
  readonly namespaceSelector?: V1LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface VerticalPodAutoscaler {
  readonly spec: {
    readonly targetRef: { readonly apiVersion: string; readonly kind: string; readonly name: string };
    readonly updatePolicy: { readonly updateMode: string };
    readonly resourcePolicy: {
      readonly containerPolicies: readonly {
        readonly containerName: string;
        readonly mode?: string;
        readonly controlledValues?: string;
        readonly minAllowed?: Readonly<Record<string, string>>;
      }[];
    };
  };
}

interface ServiceMonitor {
  readonly spec: {
    readonly selector: V1LabelSelector;
    readonly endpoints: readonly Readonly<Record<string, unknown>>[];
  };
}

interface PrometheusRule {
  readonly spec: {
    readonly groups: readonly {
      readonly name: string;
      readonly rules: readonly {
        readonly alert: string;
        readonly expr: string;
        readonly for: string;
        readonly labels: Readonly<Record<string, string>>;
        readonly annotations: Readonly<Record<'summary' | 'description', string>>;
      }[];
    }[];
  };
}
