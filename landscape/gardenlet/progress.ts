import type { InformerEvent } from '../../src/kube/lister.ts';
import { keyOf } from '../../src/kube/object.ts';
import type { ShootLastError, ShootLastOperation, ShootObject } from './shoot.ts';

/** What happens to Shoots, for whoever shows it to a person. `shoot` is `namespace/name`. */
export type GardenletEvent =
  | {
      readonly type: 'progress';
      readonly shoot: string;
      readonly technicalID: string;
      readonly operation: ShootLastOperation;
      readonly errors: readonly ShootLastError[];
      /** Nothing more is to be done: the operation succeeded, on what the spec is now. */
      readonly settled: boolean;
    }
  /** What an extension reports while it is waited for. */
  | { readonly type: 'report'; readonly shoot: string; readonly reason: string; readonly codes: readonly string[] }
  | { readonly type: 'gone'; readonly shoot: string };

function isSettled({ metadata, status }: ShootObject): boolean {
  return status?.lastOperation?.state === 'Succeeded' && status.observedGeneration === metadata.generation;
}

/** The event to show for a change of a Shoot; undefined when nothing that is shown has changed. */
export function progressOf(event: InformerEvent<ShootObject>): GardenletEvent | undefined {
  const { metadata, status } = event.object;
  const shoot = keyOf(metadata);
  if (event.type === 'delete') return { type: 'gone', shoot };
  const operation = status?.lastOperation;
  if (!operation || (event.type === 'update' && shown(event.old) === shown(event.object))) return undefined;
  const settled = isSettled(event.object);
  return {
    type: 'progress',
    ...{ shoot, operation, settled },
    technicalID: status.technicalID ?? '',
    errors: status.lastErrors ?? [],
  };
}

function shown(object: ShootObject): string {
  const { lastUpdateTime: _time, ...operation } = object.status?.lastOperation ?? { lastUpdateTime: '' };
  return JSON.stringify([operation, object.status?.lastErrors, isSettled(object)]);
}
