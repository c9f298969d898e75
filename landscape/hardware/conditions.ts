import type { NodeCondition } from './node-resource.ts';

/** What a Node says of itself, or the node lifecycle controller of it when it is silent. */
export type Health = 'well' | 'not-ready' | 'silent';

const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

function wanted(health: Health): Omit<NodeCondition, 'lastHeartbeatTime' | 'lastTransitionTime'>[] {
  if (health === 'silent') {
    const unknown = { status: 'Unknown', reason: 'NodeStatusUnknown' } as const;
    const message = 'Kubelet stopped posting node status.';
    return [...PRESSURES, 'Ready'].map((type) => ({ type, ...unknown, message }));
  }
  const pressures = PRESSURES.map((type) => ({ type, status: 'False', reason: 'KubeletHasEnough' }) as const);
  const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
  const notReady = { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'not ready by a knob' };
  return [...pressures, (health === 'well' ? ready : notReady) as NodeCondition];
}

/** Conditions of others stay; the time of a transition changes only with the status. */
export function conditionsOf(health: Health, present: readonly NodeCondition[], now: string): NodeCondition[] {
  const own = wanted(health).map((condition): NodeCondition => {
    const before = present.find(({ type }) => type === condition.type);
    const lastTransitionTime = before?.status === condition.status ? (before.lastTransitionTime ?? now) : now;
    return { ...condition, lastHeartbeatTime: now, lastTransitionTime };
  });
  return [...present.filter(({ type }) => own.every((one) => one.type !== type)), ...own];
}
