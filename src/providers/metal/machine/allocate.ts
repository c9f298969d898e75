import { MachineError } from '../../machine.ts';
import { isMetalApiError } from '../metal-api/errors.ts';
import type { Machine } from '../metal-api/types.ts';
import { orderOf } from './order.ts';
import type { Scene } from './scene.ts';
import type { Unanswered } from './unanswered.ts';

/** Names a Machine among those of all clusters. */
export const keyOf = ({ spec }: Scene, name: string): string => `${spec.clusterID}/${name}`;

export async function allocate(scene: Scene, name: string, userData: string, unanswered: Unanswered): Promise<Machine> {
  const { api, spec, signal } = scene;
  const key = keyOf(scene, name);
  unanswered.add(key);
  try {
    const machine = await api.allocateMachine(orderOf(spec, name, userData), { signal });
    unanswered.remove(key);
    return machine;
  } catch (error) {
    if (saysNothingWasTaken(error)) unanswered.remove(key);
    throw error;
  }
}

/** An answer above 500 comes from a proxy, which may have given metal-api up in the middle. */
function saysNothingWasTaken(error: unknown): boolean {
  if (!isMetalApiError(error)) return false;
  const { kind, status = 0 } = error;
  return kind !== 'outcome-unknown' && kind !== 'bad-answer' && status <= 500;
}

/**
 * Throws Unavailable while an earlier order may still come to a machine. `remainingMs`: as it was before metal-api was asked,
 * as a machine may come between its answer and now.
 */
export function refuseWhileUnanswered(name: string, remainingMs: number): void {
  if (remainingMs === 0) return;
  const text = `an order of ${name} was not answered; its outcome is waited for ${Math.ceil(remainingMs / 1000)} s more`;
  throw new MachineError('Unavailable', text);
}
