import { type KubeObject, keyOf } from '../kube/object.ts';
import type { Finding } from '../providers/doctor.ts';
import { since } from './since.ts';

const hints: Readonly<Record<string, string>> = {
  Machine: 'A drain may take two hours: look at PodDisruptionBudgets of the shoot and at status.lastOperation',
  Namespace: 'Look at its conditions: they name what is left in it',
};

/** Objects whose deletion began long ago, and what holds them. */
export function stuckFindings(deleting: readonly KubeObject[], stuckMs: number, now: number): readonly Finding[] {
  return deleting
    .filter(({ metadata }) => now - Date.parse(metadata.deletionTimestamp ?? '') >= stuckMs)
    .map((object) => {
      const { kind = 'Object', metadata } = object;
      const held = metadata.finalizers?.length ? `held by ${metadata.finalizers.join(', ')}` : 'without finalizers';
      return {
        ...{ severity: 'warning', kind: 'DeletionStuck', object: `${kind} ${metadata.name}` },
        cluster: clusterOf(object),
        message: `is being deleted for ${since(metadata.deletionTimestamp, now)}, ${held}`,
        advice:
          hints[kind] ??
          `See why the owner of the finalizer does not let go of ${keyOf(metadata)}; removing it by hand leaves behind what it stands for`,
      };
    });
}

/** A Cluster and a Namespace have the name of the control-plane namespace. */
const clusterOf = ({ metadata }: KubeObject): string =>
  metadata.namespace ?? (metadata.name.startsWith('shoot--') ? metadata.name : '');
