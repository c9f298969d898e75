import type { KubeObject } from '../../../../kube/object.ts';
import { namespace, storageClass } from '../../../objects.ts';
import type { ControlPlaneModel } from '../model.ts';
import { allowToApiServer, denyAll } from '../shoot/apiserver-policy.ts';
import { privilegedNamespace } from '../shoot/pods.ts';
import { csiLvmController } from './csi-lvm-controller.ts';
import { csiLvmReviver } from './csi-lvm-reviver.ts';

const CSI_LVM = 'csi-lvm';

/** Volumes on the disks of the nodes (metal-provider 4.4); nothing where csi-lvm is switched off. */
export function storageClassObjects(model: ControlPlaneModel): readonly KubeObject[] {
  const { csiLvm } = model;
  if (!csiLvm) return [];
  return [
    namespace({ metadata: { name: CSI_LVM, labels: privilegedNamespace } }),
    storageClass({
      metadata: {
        name: CSI_LVM,
        ...(csiLvm.isDefault ? { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } } : {}),
      },
      provisioner: 'metal-stack.io/csi-lvm',
      volumeBindingMode: 'WaitForFirstConsumer',
      reclaimPolicy: 'Delete',
    }),
    ...csiLvmController(CSI_LVM, model),
    ...csiLvmReviver(CSI_LVM, model),
    allowToApiServer('allow-csi-lvm-to-apiserver', CSI_LVM, { matchLabels: { app: 'csi-lvm-controller' } }),
    denyAll(CSI_LVM),
  ];
}
