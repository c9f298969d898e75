import type { Cluster } from '../../apis/extensions/cluster.ts';
import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { readCluster } from '../lifecycle/cluster.ts';
import { requestOf } from './subject.ts';

/** The Cluster of an object, as small as checks need it. */
export interface ClusterReader {
  read(key: string, object: ExtensionObject, signal: AbortSignal): Promise<Cluster>;
  forget(key: string): void;
}

const maxAgeMs = 10 * 60_000;

/**
 * A Cluster has some 100 KiB: read at every check of every object, it would be most of what health checks cost. It
 * changes right before gardenlet asks for an operation, which shows on the object.
 */
export function createClusterReader(client: KubeClient, clock: Clock): ClusterReader {
  const known = new Map<string, { readonly request: string; readonly readAt: number; readonly cluster: Cluster }>();
  return {
    async read(key, object, signal) {
      const request = requestOf(object);
      const last = known.get(key);
      const readAt = clock.monotonic();
      if (last?.request === request && readAt - last.readAt < maxAgeMs) return last.cluster;
      const cluster = sliceOf(await readCluster(client, object.metadata.namespace ?? '', signal));
      known.set(key, { request, readAt, cluster });
      return cluster;
    },
    forget: (key) => void known.delete(key),
  };
}

function sliceOf({ metadata, spec: { shoot } }: Cluster): Cluster {
  const { name, namespace, uid } = shoot.metadata;
  const { networking, hibernation } = shoot.spec;
  return {
    metadata: { name: metadata.name },
    spec: { shoot: { metadata: { name, namespace, uid }, spec: { networking, hibernation } } },
  };
}
