import type { OperatingSystemConfig } from '../../../apis/extensions/operating-system-config.ts';
import type { KubeObject } from '../../../kube/object.ts';
import type { Mutation } from '../../admission.ts';
import { imageProviderConfig } from './image-provider-config.ts';
import { withoutFormerGates } from './kubelet-config.ts';
import { withExternalCloudProvider } from './kubelet-unit.ts';

const kubeletUnit = 'kubelet.service';
const kubeletConfigPath = '/var/lib/kubelet/config/kubelet';

/** What metal's nodes need: network isolation for the operating system, and a kubelet with an external cloud provider. */
export const operatingSystemConfig: Mutation = {
  kind: 'OperatingSystemConfig',
  needs: ['cluster'],
  apply(object, { cluster }, old) {
    const osc = object as OperatingSystemConfig;
    const previous = old as OperatingSystemConfig | undefined;
    const providerConfig = cluster && imageProviderConfig(cluster, previous?.status?.extensionFiles ?? []);
    const isolated = providerConfig ? { ...osc, spec: { ...osc.spec, providerConfig } } : osc;
    return (osc.spec?.purpose === 'reconcile' ? withKubelet(isolated) : isolated) as KubeObject;
  },
};

function withKubelet(osc: OperatingSystemConfig): OperatingSystemConfig {
  const units = osc.spec.units?.map((unit) =>
    unit.name === kubeletUnit && unit.content ? { ...unit, content: withExternalCloudProvider(unit.content) } : unit,
  );
  const files = osc.spec.files?.map((file) =>
    file.path === kubeletConfigPath && file.content?.inline
      ? { ...file, content: { ...file.content, inline: withoutFormerGates(file.content.inline) } }
      : file,
  );
  return { ...osc, spec: { ...osc.spec, ...(units && { units }), ...(files && { files }) } };
}
