import type { ControllerConfiguration } from '../../../apis/metal/controller-configuration.ts';
import type { KubeObject } from '../../../kube/object.ts';
import type { Mutation } from '../../admission.ts';
import { canonicalDuration } from './duration.ts';

type EtcdSettings = NonNullable<ControllerConfiguration['etcd']>;

interface Etcd extends KubeObject {
  spec?: {
    storageCapacity?: string | number;
    storageClass?: string;
    annotations?: Record<string, string>;
    backup?: object;
  };
}

const main = /^(virtual-garden-)?etcd-main$/;
const capacity = '16Gi';

/**
 * Storage, backup and eviction of etcd as the operator configures them. What a StatefulSet cannot change stays as it was
 * created. Throws for a period that is not a duration.
 */
export function etcd(settings: EtcdSettings = {}): Mutation {
  const { storage = {}, backup = {}, isEvictionAllowed = false } = settings;
  const period = backup.deltaSnapshotPeriod && canonicalDuration(backup.deltaSnapshotPeriod);
  const backups = {
    ...(period && { deltaSnapshotPeriod: period }),
    ...(backup.schedule && { fullSnapshotSchedule: backup.schedule }),
  };
  return {
    kind: 'Etcd',
    names: /^(virtual-garden-)?etcd-(main|events)$/,
    apply(object, _facts, before) {
      const isMain = main.test(object.metadata.name);
      const wanted = isMain ? { capacity: storage.capacity ?? capacity, className: storage.className } : { capacity };
      const stored = withStorage(object as Etcd, before as Etcd | undefined, wanted);
      const backed = isMain && Object.keys(backups).length > 0 ? withBackup(stored, backups) : stored;
      return (isEvictionAllowed ? evictable(backed) : backed) as KubeObject;
    },
  };
}

interface Storage {
  readonly capacity: string | number;
  readonly className?: string | undefined;
}

function withStorage(etcd: Etcd, old: Etcd | undefined, wanted: Storage): Etcd {
  const { storageClass: given, ...spec } = etcd.spec ?? {};
  const storageCapacity = old?.spec?.storageCapacity ?? wanted.capacity;
  const storageClass = old ? old.spec?.storageClass : (wanted.className ?? given);
  return { ...etcd, spec: { ...spec, storageCapacity, ...(storageClass !== undefined && { storageClass }) } };
}

function withBackup(etcd: Etcd, backups: object): Etcd {
  return { ...etcd, spec: { ...etcd.spec, backup: { ...etcd.spec?.backup, ...backups } } };
}

/** csi-driver-lvm may then move the volume to another node, and druid must not guard the pod. */
function evictable(etcd: Etcd): Etcd {
  const { metadata, spec } = etcd;
  return {
    ...etcd,
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, 'druid.gardener.cloud/disable-etcd-component-protection': 'true' },
    },
    spec: {
      ...spec,
      annotations: { ...spec?.annotations, 'metal-stack.io/csi-driver-lvm.is-eviction-allowed': 'true' },
    },
  };
}
