import { machines } from '../../apis/machine/machine.ts';
import type { EventRecorder, EventType } from '../../kube/events.ts';
import type { ObjectMeta } from '../../kube/object.ts';
import { apiVersionOf } from '../../kube/resource.ts';
import type { StatusChange } from './status.ts';

/** What an operator reads at a Machine, besides its status. */
export interface Told {
  readonly type: EventType;
  readonly reason: string;
  readonly message: string;
}

/** Tells it in an event of the Machine. */
export type Tell = (machine: { readonly metadata: ObjectMeta }, told: Told) => void;

export function tellBy(recorder: Pick<EventRecorder, 'event'>): Tell {
  const { kind } = machines;
  const apiVersion = apiVersionOf(machines);
  return ({ metadata }, { type, reason, message }) =>
    recorder.event({ apiVersion, kind, metadata }, type, reason, message);
}

/** What is to be told of a change: trouble, and its end. That a machine joins is seen at its Node. */
export function toldOf({ phase, operation }: StatusChange): Told | undefined {
  if (!operation) return undefined;
  const { type, state, description: message } = operation;
  if (state === 'Failed') return { type: 'Warning', reason: `${type}Failed`, message };
  if (phase === 'Unknown') return { type: 'Warning', reason: 'Unhealthy', message };
  if (state === 'Successful' && type !== 'Create') return { type: 'Normal', reason: `${type}Successful`, message };
  return undefined;
}
