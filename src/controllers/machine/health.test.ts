import { describe, expect, it } from 'vitest';
import type { Machine } from '../../apis/machine/machine.ts';
import { machine, node, ready, settings } from './fixtures.ts';
import { judge } from './health.ts';
import { criticalComponentsTaint } from './names.ts';
import type { Node } from './node.ts';
import type { Phase } from './phases.ts';

const young = { machine: 60_000, phase: 60_000 };
const old = { machine: 3_600_000, phase: 3_600_000 };
const copied = (conditions = [ready('True')]) => ({ status: { conditions } });
const waiting = { spec: { taints: [{ key: criticalComponentsTaint, effect: 'NoSchedule' }] } };
const resulted = (result: string) => ({
  metadata: { labels: { 'node.machine.sapcloud.io/update-result': result } },
});

describe('the phase that a machine comes to', () => {
  it.each<[string, Machine, Node | undefined, typeof young, Phase | undefined]>([
    ['it joins', machine('Pending'), node(), young, 'Running'],
    ['it joins late', machine('Pending'), node(), old, 'Running'],
    ['its components are missing', machine('Pending'), node([ready('True')], waiting), young, undefined],
    ['its node is not ready', machine('Pending'), node([ready('False')]), young, undefined],
    ['its node says nothing', machine('Pending'), node([]), young, undefined],
    ['its node is not there', machine('Pending'), undefined, young, undefined],
    ['it does not join in time', machine('Pending'), undefined, old, 'Failed'],
    ['its components are missing for long', machine('Pending'), node([ready('True')], waiting), old, 'Failed'],
    ['it is well', machine('Running', copied()), node(), old, undefined],
    ['components are not ready again', machine('Running', copied()), node([ready('True')], waiting), old, undefined],
    ['it gets sick', machine('Running', copied()), node([ready('False')]), old, 'Unknown'],
    [
      'its disk is full',
      machine('Running'),
      node([ready('True'), { type: 'DiskPressure', status: 'True' }]),
      old,
      'Unknown',
    ],
    [
      'another condition is bad',
      machine('Running'),
      node([ready('True'), { type: 'Other', status: 'True' }]),
      old,
      undefined,
    ],
    ['its node goes', machine('Running', copied()), undefined, old, 'Unknown'],
    ['it is well again', machine('Unknown'), node(), old, 'Running'],
    ['it is sick', machine('Unknown'), node([ready('Unknown')]), young, undefined],
    ['it is sick for long', machine('Unknown'), node([ready('Unknown')]), old, 'Failed'],
    [
      'it may be sick for ever',
      machine('Unknown', { spec: { disableHealthTimeout: true } }),
      undefined,
      old,
      undefined,
    ],
    ['it has failed', machine('Failed'), node(), old, undefined],
    ['it is being updated', machine('InPlaceUpdating'), node([ready('False')]), young, undefined],
    [
      'it was updated',
      machine('InPlaceUpdating'),
      node([ready('True')], resulted('successful')),
      old,
      'InPlaceUpdateSuccessful',
    ],
    ['it was updated and is well', machine('InPlaceUpdateSuccessful'), node(), old, 'Running'],
    [
      'its update failed',
      machine('InPlaceUpdating'),
      node([ready('True')], resulted('failed')),
      young,
      'InPlaceUpdateFailed',
    ],
    ['its update takes long', machine('InPlaceUpdating'), node(), old, 'InPlaceUpdateFailed'],
    [
      'its update failed long ago',
      machine('InPlaceUpdateFailed'),
      node([ready('True')], resulted('failed')),
      old,
      'Failed',
    ],
    [
      'its update succeeds in the end',
      machine('InPlaceUpdateFailed'),
      node([ready('True')], resulted('successful')),
      old,
      'InPlaceUpdateSuccessful',
    ],
  ])('%s', (_, given, its, ages, phase) => {
    expect(judge(given, its, settings, ages).change?.phase).toBe(phase);
  });
});

describe('what else follows from health', () => {
  it('says when the time is up', () => {
    expect(judge(machine('Pending'), undefined, settings, young)).toEqual({ recheckMs: 19 * 60_000 });
    expect(judge(machine('Unknown', copied([])), node([]), settings, young)).toEqual({ recheckMs: 9 * 60_000 });
  });

  it('says nothing of a machine that is as it was', () => {
    expect(judge(machine('Running', copied()), node(), settings, old)).toEqual({});
  });

  it('copies conditions when one has another status', () => {
    const conditions = [ready('True'), { type: 'Other', status: 'True' }];
    expect(judge(machine('Running', copied()), node(conditions), settings, old)).toEqual({ change: { conditions } });
    const repeated = [ready('True', { message: 'beat', lastTransitionTime: '2026-01-01T00:00:00Z' })];
    expect(judge(machine('Running', copied()), node(repeated), settings, old)).toEqual({});
  });

  it('tells sickness, of which only one at a time may end in failure, from what never came up', () => {
    expect(judge(machine('Unknown'), undefined, settings, old).isSickness).toBe(true);
    expect(judge(machine('Pending'), undefined, settings, old).isSickness).toBeUndefined();
  });

  it('tells who joins for the first time', () => {
    expect(judge(machine('Pending'), node(), settings, young)).toMatchObject({
      hasJoined: true,
      change: { operation: { type: 'Create', description: 'Machine m successfully joined the cluster' } },
    });
    expect(judge(machine('Unknown'), node(), settings, young)).toMatchObject({
      hasJoined: false,
      change: { operation: { type: 'HealthCheck', description: 'Machine m successfully re-joined the cluster' } },
    });
  });
});
