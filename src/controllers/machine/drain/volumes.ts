import type { KubeClient } from '../../../kube/client.ts';
import type { Node } from '../node.ts';
import { type Pod, persistentVolumeClaims, persistentVolumes, type VolumeAttachment } from './objects.ts';
import { graceMsOf } from './plan.ts';
import type { Move, Volume } from './state.ts';

const claimNamesOf = ({ metadata, spec }: Pod): readonly string[] =>
  (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim ? [`${metadata.namespace}/${persistentVolumeClaim.claimName}`] : [],
  );

/**
 * The volumes that must leave the node with the pod: those that the provider knows, and that no other pod on the node uses.
 */
export async function volumesOf(
  target: KubeClient,
  pod: Pod,
  others: readonly Pod[],
  volumeIDs: (specs: readonly unknown[]) => Promise<readonly string[]>,
  signal: AbortSignal,
): Promise<readonly Volume[]> {
  const shared = new Set(others.filter((other) => other !== pod).flatMap(claimNamesOf));
  const volumes: Volume[] = [];
  for (const claim of claimNamesOf(pod).filter((name) => !shared.has(name))) {
    const [namespace = '', claimName = ''] = claim.split('/');
    const found = await target.find(persistentVolumeClaims, { namespace, name: claimName }, { signal });
    const name = found?.spec?.volumeName;
    const volume = name ? await target.find(persistentVolumes, { name }, { signal }) : undefined;
    const [id] = volume?.spec ? await volumeIDs([volume.spec]) : [];
    if (name && id) volumes.push({ name, id });
  }
  return volumes;
}

export type MoveStep = 'wait' | 'detached' | 'done' | { readonly failure: string };

export interface MoveFacts {
  readonly isPodThere: boolean;
  readonly node: Node | undefined;
  readonly attachments: readonly VolumeAttachment[];
  readonly now: number;
  readonly detachTimeoutMs: number;
  readonly reattachTimeoutMs: number;
}

/** Pods end, volumes leave the node and come up on another; only that they leave is needed (metal-components F.7). */
export function stepOfMove(move: Move, facts: MoveFacts): MoveStep {
  const { now, node } = facts;
  if (facts.isPodThere) return 'wait';
  if (move.detachedAt === undefined) {
    const attached = node?.status?.volumesAttached ?? [];
    if (!move.volumes.some(({ id }) => attached.some(({ name }) => name.includes(id)))) return 'detached';
    if (now - move.acceptedAt <= graceMsOf(move.pod) + facts.detachTimeoutMs) return 'wait';
    return { failure: 'timeout while waiting for PVs to detach from node' };
  }
  const isElsewhere = ({ name }: Volume) => facts.attachments.some((one) => isAttached(one, name, node));
  return move.volumes.every(isElsewhere) || now - move.detachedAt > facts.reattachTimeoutMs ? 'done' : 'wait';
}

function isAttached({ spec, status }: VolumeAttachment, volume: string, node: Node | undefined): boolean {
  const isElsewhere = spec?.nodeName !== node?.metadata.name;
  return status?.attached === true && isElsewhere && spec?.source?.persistentVolumeName === volume;
}
