import type { Pod } from './objects.ts';

/** How far the emptying of a node has come; kept in memory, as a new process may begin again. Times are monotonic. */
export interface DrainState {
  /** By uid. */
  readonly pods: Map<string, PodState>;
  /** The pod whose volumes are on their way to another node; such pods go one after the other. */
  move: Move | undefined;
}

export interface PodState {
  /** Evictions that its budget has refused. */
  readonly refused: number;
  readonly triedAt: number;
  /** Since when it is to end. */
  readonly acceptedAt?: number;
}

export interface Move {
  readonly pod: Pod;
  readonly volumes: readonly Volume[];
  readonly acceptedAt: number;
  readonly detachedAt?: number;
}

export interface Volume {
  /** Of the PersistentVolume. */
  readonly name: string;
  /** As it stands in a Node's volumesAttached. */
  readonly id: string;
}

export function newDrainState(): DrainState {
  return { pods: new Map(), move: undefined };
}

export const uidOf = ({ metadata }: Pod): string => metadata.uid ?? '';
