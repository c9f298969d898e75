import { describe, expect, it } from 'vitest';
import { node } from '../fixtures.ts';
import { hopelessBudget } from './budget.ts';
import type { Pod, PodDisruptionBudget } from './objects.ts';
import { isEvictable, planDrain } from './plan.ts';
import { type DrainState, newDrainState, type PodState } from './state.ts';
import { type MoveFacts, stepOfMove } from './volumes.ts';

const options = { forced: false, maxRetries: 3, retryMs: 20_000, timeoutMs: 60_000 };
const now = 100_000;

function pod(name: string, spec: Pod['spec'] = {}, metadata: Partial<Pod['metadata']> = {}): Pod {
  return { metadata: { name, namespace: 'ns', uid: name, ...metadata }, spec };
}
const claims = (priority = 0): Pod['spec'] => ({
  priority,
  volumes: [{ persistentVolumeClaim: { claimName: 'c' } }],
});
const stateOf = (pods: Record<string, PodState>, move?: DrainState['move']): DrainState => ({
  pods: new Map(Object.entries(pods)),
  move,
});
const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name);

describe('of the pods on a node', () => {
  const owned = (kind: string) => ({
    ownerReferences: [{ apiVersion: 'apps/v1', kind, name: 'o', uid: 'o', controller: true }],
  });

  it.each([
    ['alone', {}, true],
    ['of a ReplicaSet', owned('ReplicaSet'), true],
    ['of a DaemonSet', owned('DaemonSet'), false],
    ['of a manifest', { annotations: { 'kubernetes.io/config.mirror': 'x' } }, false],
  ])('one %s is evicted', (_, metadata, expected) => {
    expect(isEvictable(pod('p', {}, metadata))).toBe(expected);
  });

  it('all go at once, but those with volumes', () => {
    const pods = [pod('a'), pod('minor', claims(1)), pod('b'), pod('major', claims(9))];
    const plan = planDrain(pods, newDrainState(), options, now);
    expect(names(plan.evict)).toEqual(['a', 'b', 'major']);
    expect(plan.remove).toEqual([]);
  });

  it('none with volumes goes while one is on its way', () => {
    const move = { pod: pod('major', claims(9)), volumes: [], acceptedAt: now };
    expect(planDrain([pod('minor', claims(1))], stateOf({}, move), options, now).evict).toEqual([]);
  });

  it('the next one with volumes goes while another waits for its budget', () => {
    const state = stateOf({ major: { refused: 1, triedAt: now - 1_000 } });
    const plan = planDrain([pod('major', claims(9)), pod('minor', claims(1))], state, options, now);
    expect(names(plan.evict)).toEqual(['minor']);
  });

  it.each<[string, PodState, 'evict' | 'remove' | 'overdue' | undefined]>([
    ['was refused just now', { refused: 1, triedAt: now - 19_000 }, undefined],
    ['was refused a while ago', { refused: 1, triedAt: now - 20_000 }, 'evict'],
    ['was refused too often', { refused: 3, triedAt: now - 20_000 }, 'remove'],
    ['ends', { refused: 0, triedAt: now - 39_000, acceptedAt: now - 39_000 }, undefined],
    ['does not end', { refused: 0, triedAt: now - 41_000, acceptedAt: now - 41_000 }, 'overdue'],
  ])('one that %s', (_, state, where) => {
    const plan = planDrain([pod('p', { terminationGracePeriodSeconds: 10 })], stateOf({ p: state }), options, now);
    expect(Object.entries(plan).flatMap(([list, pods]) => (pods.length > 0 ? [list] : []))).toEqual(
      where ? [where] : [],
    );
  });

  it('one gets no longer to end than the drain itself', () => {
    const state = stateOf({ p: { refused: 0, triedAt: 0, acceptedAt: now - 91_000 } });
    const plan = planDrain([pod('p', { terminationGracePeriodSeconds: 3_600 })], state, options, now);
    expect(names(plan.overdue)).toEqual(['p']);
  });

  it('all are removed by force', () => {
    const pods = [pod('a'), pod('b', claims())];
    const state = stateOf({ a: { refused: 0, triedAt: now, acceptedAt: now } });
    expect(planDrain(pods, state, { ...options, forced: true }, now)).toEqual({ evict: [], remove: pods, overdue: [] });
  });
});

describe('a budget is hopeless', () => {
  const never = { observedGeneration: 1, expectedPods: 2, currentHealthy: 2, disruptionsAllowed: 0 };
  const budget = (status: object, selector: object | undefined): PodDisruptionBudget => ({
    metadata: { name: 'b', generation: 1 },
    spec: selector ? { selector } : {},
    status: { ...never, ...status },
  });
  const expression = (operator: string, values?: string[], key = 'app') => ({
    matchExpressions: [{ key, operator, ...(values && { values }) }],
  });

  it.each<[string, object, object | undefined, boolean]>([
    ['all are well, none may go', {}, {}, true],
    ['one may go', { disruptionsAllowed: 1 }, {}, false],
    ['one is not well', { currentHealthy: 1 }, {}, false],
    ['it is not up to date', { observedGeneration: 0 }, {}, false],
    ['it is of no pods', { expectedPods: 0, currentHealthy: 0 }, {}, false],
    ['it selects nothing', {}, undefined, false],
    ['of the label', {}, { matchLabels: { app: 'a' } }, true],
    ['of another label', {}, { matchLabels: { app: 'b' } }, false],
    ['In', {}, expression('In', ['a', 'b']), true],
    ['not In', {}, expression('In', ['b']), false],
    ['NotIn', {}, expression('NotIn', ['b']), true],
    ['Exists', {}, expression('Exists'), true],
    ['not Exists', {}, expression('Exists', undefined, 'other'), false],
    ['DoesNotExist', {}, expression('DoesNotExist', undefined, 'other'), true],
    ['what it says is not known', {}, expression('Near'), false],
  ])('%s', (_, status, selector, expected) => {
    const found = hopelessBudget(pod('p', {}, { labels: { app: 'a' } }), [budget(status, selector)]);
    expect(found !== undefined).toBe(expected);
  });
});

describe('a pod with a volume', () => {
  const move = {
    pod: pod('p', { terminationGracePeriodSeconds: 10 }),
    volumes: [{ name: 'pv', id: 'v1' }],
    acceptedAt: now,
  };
  const attachedHere = { ...node(), status: { volumesAttached: [{ name: 'kubernetes.io/csi/d^v1' }] } };
  const attached = (nodeName: string) => ({
    metadata: { name: 'a' },
    spec: { nodeName, source: { persistentVolumeName: 'pv' } },
    status: { attached: true },
  });
  const facts: MoveFacts = {
    isPodThere: false,
    node: attachedHere,
    attachments: [],
    now: now + 1_000,
    detachTimeoutMs: 120_000,
    reattachTimeoutMs: 90_000,
  };
  const away = { ...move, detachedAt: now };

  it.each<[string, typeof move, Partial<MoveFacts>, unknown]>([
    ['is there', move, { isPodThere: true, now: now + 1e9 }, 'wait'],
    ['is gone, its volume is not', move, {}, 'wait'],
    ['has left its volume behind', move, { now: now + 130_001 }, { failure: expect.stringMatching(/detach/) }],
    ['is gone with its volume', move, { node: node() }, 'detached'],
    ['is gone with its node', move, { node: undefined }, 'detached'],
    ['is to come up elsewhere', away, {}, 'wait'],
    ['is here again', away, { attachments: [attached('m')] }, 'wait'],
    ['has come up elsewhere', away, { attachments: [attached('other')] }, 'done'],
    ['does not come up', away, { now: now + 90_001 }, 'done'],
  ])('%s', (_, given, more, step) => {
    expect(stepOfMove(given, { ...facts, ...more })).toEqual(step);
  });
});
