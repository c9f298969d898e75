import type { KubeObject } from '../../../../kube/object.ts';
import { daemonSet, serviceAccount } from '../../../objects.ts';
import type { ControlPlaneModel } from '../model.ts';
import { clusterRights, READ, rule } from '../rbac.ts';
import { criticalComponent, everyNode, runtimeDefault } from './pods.ts';

const metadata = { name: 'node-init', namespace: 'kube-system' };
const app = { app: 'node-init' };

/** Routes the pods of each node to its loopback, so that the node announces them. */
export const nodeInit = (model: ControlPlaneModel): readonly KubeObject[] => [
  serviceAccount({ metadata }),
  ...clusterRights('kube-system:node-init', metadata, [rule('', 'nodes', READ)]),
  daemonSet({
    metadata: { ...metadata, labels: { ...app, ...criticalComponent } },
    spec: {
      revisionHistoryLimit: 2,
      selector: { matchLabels: app },
      template: {
        metadata: { labels: { ...app, ...criticalComponent } },
        spec: {
          serviceAccountName: metadata.name,
          priorityClassName: 'system-node-critical',
          tolerations: everyNode,
          hostNetwork: true,
          securityContext: { seccompProfile: runtimeDefault },
          containers: [
            {
              name: 'node-init',
              image: model.images('node-init'),
              imagePullPolicy: model.imagePullPolicy,
              env: [{ name: 'KUBE_NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
              resources: { requests: { cpu: '5m', memory: '20Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
              },
            },
          ],
        },
      },
    },
  }),
];
