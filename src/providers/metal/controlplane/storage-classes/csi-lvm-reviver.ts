import type { KubeObject } from '../../../../kube/object.ts';
import { daemonSet, serviceAccount } from '../../../objects.ts';
import type { ControlPlaneModel } from '../model.ts';
import { rights, rule } from '../rbac.ts';
import { criticalComponent, everyNode } from '../shoot/pods.ts';

const name = 'csi-lvm-reviver';
const app = { app: name };

interface HostDirectory {
  readonly name: string;
  readonly path: string;
  /** What is mounted there is seen on the node, too. */
  readonly shared?: boolean;
}

const MOUNTS = '/tmp/csi-lvm';

const directories: readonly HostDirectory[] = [
  { name: 'data', path: MOUNTS, shared: true },
  { name: 'devices', path: '/dev' },
  { name: 'modules', path: '/lib/modules' },
  { name: 'lvmbackup', path: '/etc/lvm/backup', shared: true },
  { name: 'lvmcache', path: '/etc/lvm/cache', shared: true },
  { name: 'lvmlock', path: '/run/lock/lvm', shared: true },
];

/** Activates and mounts the logical volumes of a node that has booted. */
export const csiLvmReviver = (namespace: string, model: ControlPlaneModel): readonly KubeObject[] => [
  serviceAccount({ metadata: { name, namespace } }),
  ...rights(name, { name, namespace }, [rule('', 'events', ['create', 'patch'])]),
  daemonSet({
    metadata: { name, namespace, labels: criticalComponent },
    spec: {
      revisionHistoryLimit: 2,
      selector: { matchLabels: app },
      template: {
        metadata: { labels: { ...app, ...criticalComponent } },
        spec: {
          serviceAccountName: name,
          priorityClassName: 'system-node-critical',
          tolerations: everyNode,
          containers: [
            {
              name,
              image: model.images('csi-lvm-provisioner'),
              imagePullPolicy: model.imagePullPolicy,
              command: ['/csi-lvm-provisioner'],
              args: ['revivelvs'],
              env: [{ name: 'CSI_LVM_MOUNTPOINT', value: MOUNTS }],
              resources: { requests: { cpu: '5m', memory: '20Mi' } },
              securityContext: { privileged: true },
              volumeMounts: directories.map(({ name, path, shared }) => ({
                name,
                mountPath: path,
                ...(shared ? { mountPropagation: 'Bidirectional' } : {}),
              })),
            },
          ],
          volumes: directories.map(({ name, path }) => ({ name, hostPath: { path, type: 'DirectoryOrCreate' } })),
        },
      },
    },
  }),
];
