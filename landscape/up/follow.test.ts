import { expect, test } from 'vitest';
import type { GardenletEvent } from '../gardenlet/progress.ts';
import type { ShootLastOperation } from '../gardenlet/shoot.ts';
import type { Progress } from '../progress.ts';
import { createFollower } from './follow.ts';

const signal = new AbortController().signal;

function scene() {
  const lines: string[] = [];
  const progress: Progress = {
    step: (title) => ({
      update: () => {},
      done: () => lines.push(`${title} ok`),
      fail: (reason) => lines.push(`${title} failed: ${reason}`),
    }),
    note: (text) => lines.push(text),
    close: () => {},
  };
  return { lines, ...createFollower(progress) };
}

function event(
  type: ShootLastOperation['type'],
  state: ShootLastOperation['state'],
  more: {
    progress?: number;
    description?: string;
    settled?: boolean;
    errors?: { description: string; codes?: string[] }[];
  } = {},
): GardenletEvent {
  const { progress = 0, description = '', settled = false, errors = [] } = more;
  const operation = { type, state, progress, description, lastUpdateTime: '' };
  return { type: 'progress', shoot: 'g/x', technicalID: 'shoot--g--x', operation, errors, settled };
}

test('a line for each step of a creation, then one for the reconciliation; ready only when settled', async () => {
  const { lines, onShoot, outcome } = scene();
  const result = outcome('g/x', signal);
  onShoot(event('Create', 'Processing', { progress: 0, description: 'first' }));
  onShoot(event('Create', 'Processing', { progress: 50, description: 'second' }));
  onShoot(event('Create', 'Succeeded', { progress: 100 }));
  onShoot(event('Reconcile', 'Processing', { progress: 0, description: 'first' }));
  onShoot(event('Reconcile', 'Processing', { progress: 50, description: 'second' }));
  onShoot(event('Reconcile', 'Succeeded', { progress: 100, settled: true }));
  expect(await result).toEqual({ ready: true });
  expect(lines).toEqual([
    'g/x Create 0 %: first ok',
    'g/x Create 50 %: second ok',
    'g/x Create 100 %',
    'g/x Reconcile ok',
  ]);
});

test('an error is tried again, a failure is the end', async () => {
  const { lines, onShoot, outcome, lastProblem } = scene();
  const errors = [{ description: 'no quota', codes: ['ERR_INFRA_QUOTA_EXCEEDED'] }];
  const result = outcome('g/x', signal);
  onShoot(event('Create', 'Processing', { description: 'first' }));
  onShoot({ type: 'report', shoot: 'g/x', reason: 'slow', codes: [] });
  onShoot({ type: 'report', shoot: 'g/x', reason: 'slow', codes: [] });
  expect(lastProblem('g/x')).toBe('slow');
  onShoot(event('Create', 'Error', { errors: [{ description: 'slow' }] }));
  onShoot(event('Create', 'Processing', { description: 'first' }));
  onShoot(event('Create', 'Failed', { errors }));
  expect(await result).toEqual({ ready: false, reason: 'no quota (ERR_INFRA_QUOTA_EXCEEDED)' });
  expect(lines).toEqual([
    'g/x: slow',
    'g/x Create 0 %: first failed: slow',
    'g/x Create 0 %: first failed: no quota (ERR_INFRA_QUOTA_EXCEEDED)',
  ]);
});

test('a Shoot that is gone is forgotten', async () => {
  const { lines, onShoot, outcome } = scene();
  onShoot(event('Create', 'Succeeded', { settled: true }));
  onShoot({ type: 'gone', shoot: 'g/x' });
  expect(lines).toEqual(['g/x is gone']);
  const stop = new AbortController();
  const result = outcome('g/x', stop.signal);
  stop.abort(new Error('stop'));
  await expect(result).rejects.toThrow('stop');
});
