import type { KubeObject } from '../../../../kube/object.ts';
import { deployment, serviceAccount } from '../../../objects.ts';
import type { ControlPlaneModel } from '../model.ts';
import { clusterRights, READ, rule } from '../rbac.ts';
import { confined, runtimeDefault } from '../shoot/pods.ts';

const name = 'csi-lvm-controller';

/** Starts a pod on the node of a claim that makes, or removes, the logical volume. */
export const csiLvmController = (namespace: string, model: ControlPlaneModel): readonly KubeObject[] => [
  serviceAccount({ metadata: { name, namespace } }),
  ...clusterRights(name, { name, namespace }, [
    rule('', ['nodes', 'persistentvolumeclaims'], [...READ, 'update', 'patch']),
    rule('', ['endpoints', 'persistentvolumes', 'pods'], ['*']),
    rule('', 'events', ['create', 'patch']),
    rule('storage.k8s.io', 'storageclasses', READ),
    rule('coordination.k8s.io', 'leases', [...READ, 'update', 'patch', 'create']),
  ]),
  deployment({
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          serviceAccountName: name,
          priorityClassName: 'system-cluster-critical',
          securityContext: { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: runtimeDefault },
          containers: [
            {
              name,
              image: model.images('csi-lvm-controller'),
              imagePullPolicy: model.imagePullPolicy,
              command: ['/csi-lvm-controller'],
              args: ['start'],
              env: [
                {
                  name: 'CSI_LVM_PROVISIONER_NAMESPACE',
                  valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } },
                },
                { name: 'CSI_LVM_PULL_POLICY', value: model.imagePullPolicy },
                { name: 'CSI_LVM_PROVISIONER_IMAGE', value: model.images('csi-lvm-provisioner') },
                // Ranges of characters are understood, a wildcard is not.
                { name: 'CSI_LVM_DEVICE_PATTERN', value: '/dev/nvme[0-1]n[0-9]' },
              ],
              resources: { limits: { cpu: '20m', memory: '128Mi' } },
              securityContext: confined,
            },
          ],
        },
      },
    },
  }),
];
