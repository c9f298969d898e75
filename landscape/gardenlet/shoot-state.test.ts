import { expect, test } from 'vitest';
import { machineStateData, type ShootState, stateOfExtension, withKept } from './shoot-state.ts';

const stateOf = (spec: ShootState['spec']): ShootState => ({ metadata: { name: 's', namespace: 'p' }, spec });
const secret = (value: string) => ({ name: 'ca', type: 'secret', data: { key: value } });
const infrastructure = (state: string) => ({ kind: 'Infrastructure', name: 's', state });
const controlPlane = { kind: 'ControlPlane', name: 's', state: 'c' };

test('a second attempt keeps the state of what the first one has let go of', () => {
  const machines = machineStateData({ state: 'machines' });
  const first = stateOf({ gardener: [secret('1'), machines], extensions: [infrastructure('1'), controlPlane] });
  const second = stateOf({ gardener: [secret('2')], extensions: [infrastructure('2')] });
  const kept = withKept(first, second);
  expect(kept.spec).toEqual({
    gardener: [secret('2'), machines],
    extensions: [infrastructure('2'), controlPlane],
  });
  expect(stateOfExtension(kept, 'Worker', 's')).toEqual({ state: { state: 'machines' } });
});

test('a first attempt keeps what there is', () => {
  const found = stateOf({ gardener: [secret('1')], extensions: [controlPlane] });
  expect(withKept(undefined, found)).toEqual(found);
});
