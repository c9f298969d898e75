import { describe, expect, it } from 'vitest';
import type { Machine, MachineClass } from '../../apis/machine/machine.ts';
import type { MachineErrorCode } from '../../providers/machine.ts';
import { badFor, haveChanged } from './conditions.ts';
import { isToBeCreated } from './create.ts';
import { type DeletionStep, deletionStepOf } from './deletion-step.ts';
import { machine, node, now, ready, settings } from './fixtures.ts';
import { nextReason } from './in-place.ts';
import { faultsOf } from './machine-class.ts';
import type { Phase } from './phases.ts';
import { mayFail } from './replacements.ts';
import { retryAfter } from './retry.ts';
import { settingsOf } from './settings.ts';
import { unmanagedPatch } from './unmanaged-nodes.ts';
import { filledIn } from './user-data.ts';

describe('a machine', () => {
  it.each<[string, Machine, boolean]>([
    ['new', machine(''), true],
    ['that could not be created', machine('CrashLoopBackOff', { spec: { providerID: 'p' } }), true],
    ['that waits for its node', machine('Pending', { spec: { providerID: 'p' } }), false],
    ['that waits, and is not known', machine('Pending'), true],
    ['that has failed', machine('Failed'), false],
    ['that runs', machine('Running', { spec: { providerID: 'p' } }), false],
  ])('%s: is it to be created?', (_, given, expected) => {
    expect(isToBeCreated(given)).toBe(expected);
  });

  it.each<[string, string, DeletionStep | undefined]>([
    ['Deleting machine from cloud provider', 'Terminating', undefined],
    ['Set machine status to termination. Now, getting VM Status', 'Terminating', 'status'],
    ['VM was not found at provider. Moving forward to node drain. Initiate node drain', 'Terminating', 'drain'],
    ['Drain failed due to - x. Will retry in next sync. Initiate node drain', 'Terminating', 'drain'],
    ['Force Drain successful. Delete Volume Attachments', 'Terminating', 'volumes'],
    ['Drain successful. Initiate VM deletion', 'Terminating', 'machine'],
    ['VM deletion was successful. Remove node finalizers', 'Terminating', 'node'],
    ['VM deletion was successful. Initiate node object deletion', 'Terminating', 'node'],
    [
      'Deletion of Node Object "m" is successful. Initiate machine object finalizer removal',
      'Terminating',
      'finalizer',
    ],
    ['Initiate node drain', 'Running', undefined],
  ])('with "%s" in phase %s is at %s', (description, phase, step) => {
    const status = { lastOperation: { type: 'Delete', description } };
    expect(deletionStepOf(machine(phase as Phase, { status }))).toBe(step);
  });

  it('has its own times', () => {
    const spec = {
      drainTimeout: '1h',
      healthTimeout: '168h0m0s',
      maxEvictRetries: 3,
      nodeConditions: 'A,B',
      creationTimeout: '',
      inPlaceUpdateTimeout: '-1s',
    };
    expect(settingsOf(machine('', { spec }), settings)).toEqual({
      ...settings,
      drainTimeoutMs: 3_600_000,
      healthTimeoutMs: 604_800_000,
      maxEvictRetries: 3,
      nodeConditions: ['A', 'B'],
    });
  });
});

it.each<['create' | 'status' | 'delete', MachineErrorCode, number]>([
  ['create', 'Unavailable', 5_000],
  ['create', 'Internal', 180_000],
  ['create', 'ResourceExhausted', 600_000],
  ['status', 'Aborted', 5_000],
  ['status', 'ResourceExhausted', 180_000],
  ['delete', 'DeadlineExceeded', 5_000],
  ['delete', 'Internal', 600_000],
])('a call to %s that failed with %s is made again after %i ms', (action, code, ms) => {
  expect(retryAfter(action, code, settings.periods)).toBe(ms);
});

it.each<[string, Machine[], boolean]>([
  ['no other', [], true],
  ['all run or are sick', [machine('Running'), machine('Unknown')], true],
  ['one is being made', [machine('Pending')], false],
  ['one is new', [machine('')], false],
  ['one has failed', [machine('Failed')], false],
  ['one goes', [machine('Terminating')], false],
  ['one is to go', [machine('Running', { metadata: { deletionTimestamp: 'x' } })], false],
])('a sick machine may be given up: %s', (_, others, expected) => {
  expect(mayFail(others)).toBe(expected);
});

it.each([
  ['a <<BOOTSTRAP_TOKEN>> <<MACHINE_NAME>>', 'a i.s m/1'],
  ['a %3C%3CBOOTSTRAP_TOKEN%3E%3E %3C%3CMACHINE_NAME%3E%3E', 'a i.s m%2F1'],
  ['<<MACHINE_NAME>> %3C%3CMACHINE_NAME%3E%3E', 'm/1 m%2F1'],
  ['$& <<MACHINE_NAME>>', '$& m/1'],
])('user data %j becomes %j', (text, filled) => {
  expect(filledIn(text, { token: 'i.s', name: 'm/1' })).toBe(filled);
});

it('user data keeps the placeholder of a token when there is none', () => {
  expect(filledIn('<<BOOTSTRAP_TOKEN>>', { name: 'm' })).toBe('<<BOOTSTRAP_TOKEN>>');
});

describe('conditions', () => {
  const update = (reason: string) => ({ type: 'InPlaceUpdate', status: 'True', reason });

  it.each([
    ['the same', [ready('True')], [ready('True', { reason: 'x' })], false],
    ['another status', [ready('True')], [ready('False')], true],
    ['one more', [ready('True')], [ready('True'), update('A')], true],
    ['one less', [ready('True'), update('A')], [ready('True')], true],
    ['a next step of an update', [update('A')], [update('B')], true],
  ])('have changed: %s', (_, copied, live, expected) => {
    expect(haveChanged(copied, live)).toBe(expected);
  });

  it.each([
    ['well', [ready('True', { lastTransitionTime: '2026-01-02T03:00:00Z' })], 0],
    ['not told', [], 0],
    ['bad', [ready('Unknown', { lastTransitionTime: '2026-01-02T03:04:00Z' })], 5_000],
    ['bad since when nobody knows', [ready('False')], 0],
    ['bad from the future', [ready('False', { lastTransitionTime: '2026-01-02T04:00:00Z' })], 0],
  ])('are bad for: %s', (_, conditions, ms) => {
    expect(badFor(conditions, 'Ready', 'True', now)).toBe(ms);
  });
});

it.each<[string, Record<string, string>, string | undefined, string | undefined]>([
  ['no candidate', {}, undefined, undefined],
  ['a candidate', { candidate: '' }, undefined, 'CandidateForUpdate'],
  ['not selected yet', { candidate: '' }, 'CandidateForUpdate', undefined],
  ['selected', { candidate: '', selected: '' }, 'CandidateForUpdate', 'SelectedForUpdate'],
  ['to be emptied', { candidate: '', selected: '' }, 'SelectedForUpdate', undefined],
  ['empty', { candidate: '', selected: '' }, 'DrainSuccessful', 'ReadyForUpdate'],
  ['being updated', { candidate: '', selected: '' }, 'ReadyForUpdate', undefined],
  ['updated', { candidate: '', selected: '', result: 'successful' }, 'ReadyForUpdate', 'UpdateSuccessful'],
  ['not updated', { candidate: '', selected: '', result: 'failed' }, 'ReadyForUpdate', 'UpdateFailed'],
  ['updated, and said so', { candidate: '', result: 'successful' }, 'UpdateSuccessful', undefined],
  ['a candidate once more', { candidate: '' }, 'UpdateSuccessful', 'CandidateForUpdate'],
])('an update in place: %s', (_, marks, reason, next) => {
  const names = { candidate: 'candidate-for-update', selected: 'selected-for-update', result: 'update-result' };
  const labels = Object.fromEntries(
    Object.entries(marks).map(([mark, value]) => [
      `node.machine.sapcloud.io/${names[mark as keyof typeof names]}`,
      value,
    ]),
  );
  const conditions = reason === undefined ? [] : [{ type: 'InPlaceUpdate', status: 'True', reason }];
  expect(nextReason(node(conditions, { metadata: { labels } }))).toBe(next);
});

it('a class that cluster-autoscaler cannot scale from zero is at fault', () => {
  const nodeTemplate = { capacity: { cpu: '4' }, instanceType: 's', region: '', zone: 'z' };
  expect(faultsOf({ nodeTemplate } as unknown as MachineClass)).toEqual([
    'nodeTemplate.capacity.gpu is required',
    'nodeTemplate.capacity.memory is required',
    'nodeTemplate.region is required',
  ]);
  expect(faultsOf({} as MachineClass)).toEqual([]);
});

it('a Node that is nobody’s is marked and let go once', () => {
  const finalizer = 'node.machine.sapcloud.io/machine-controller';
  const mark = { 'node.machine.sapcloud.io/not-managed-by-mcm': '1' };
  expect(unmanagedPatch(node([], { metadata: { finalizers: ['other', finalizer] } }))).toMatchObject({
    metadata: { annotations: mark, finalizers: ['other'] },
  });
  expect(unmanagedPatch(node([], { metadata: { annotations: mark } }))).toBeUndefined();
});
