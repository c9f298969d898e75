import type { Worker } from '../../apis/extensions/worker.ts';
import type { MachineClass } from '../../apis/machine/machine.ts';
import { patchOfFields, patchOfWhole } from '../../kube/merge-patch.ts';
import type { Secret } from '../../kube/secret.ts';
import type { WantedDeployment } from './wanted.ts';

/** Gardener's label of the Secrets of MachineClasses, and its former one, which metal's extension has always written. */
export const purposeLabels = {
  'gardener.cloud/purpose': 'machineclass',
  'garden.sapcloud.io/purpose': 'machineclass',
} as const;

/** A MachineClass as it must be, and its Secret of the same name (gardener-contract 2.4). `userData` is base64. */
export function desiredSecret(namespace: string, wanted: WantedDeployment, userData: string): Secret {
  return {
    metadata: { namespace, name: wanted.className, labels: { ...purposeLabels } },
    type: 'Opaque',
    data: { ...wanted.content.secretData, userData },
  };
}

export function desiredClass(worker: Worker, { className, content }: WantedDeployment): MachineClass {
  const { namespace = '' } = worker.metadata;
  const { provider, providerSpec, nodeTemplate } = content;
  return {
    metadata: { namespace, name: className },
    provider,
    providerSpec,
    secretRef: { name: className, namespace },
    credentialsSecretRef: { namespace, ...worker.spec.secretRef },
    ...(nodeTemplate ? { nodeTemplate } : {}),
  };
}

/** Undefined when there is nothing to change: metadata is also machine-controller-manager's. */
export function classPatch(live: MachineClass, { metadata: _, ...desired }: MachineClass): object | undefined {
  const { metadata, apiVersion, kind, ...fields } = live;
  return patchOfWhole(fields, desired);
}

/** Of a Secret whose values are digests, by `digest`; sends the whole data when any of it differs. */
export function secretPatch(live: Secret, desired: Secret, digest: (base64: string) => string): object | undefined {
  const { data = {} } = desired;
  const digests = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, digest(value)]));
  const removed = Object.keys(live.data ?? {}).filter((key) => !(key in data));
  const differs = patchOfWhole(live.data, digests) !== undefined;
  const labels = patchOfFields(live.metadata.labels, desired.metadata.labels ?? {});
  if (!differs && !labels) return undefined;
  return {
    ...(labels ? { metadata: { labels } } : {}),
    ...(differs ? { data: { ...Object.fromEntries(removed.map((key) => [key, null])), ...data } } : {}),
  };
}
