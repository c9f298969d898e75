import { expect, it } from 'vitest';
import type { StatusChange } from './status.ts';
import { toldOf } from './tell.ts';

const operation = (type: 'Create' | 'Delete' | 'HealthCheck', state: 'Processing' | 'Failed' | 'Successful') =>
  ({ type, state, description: 'why' }) as const;

it.each<[string, StatusChange, string | undefined]>([
  ['a machine that is not to be had', { operation: operation('Create', 'Failed') }, 'Warning CreateFailed'],
  ['a drain that is stuck', { operation: operation('Delete', 'Failed') }, 'Warning DeleteFailed'],
  [
    'a machine that is given up',
    { phase: 'Failed', operation: operation('HealthCheck', 'Failed') },
    'Warning HealthCheckFailed',
  ],
  ['a sick Node', { phase: 'Unknown', operation: operation('HealthCheck', 'Processing') }, 'Warning Unhealthy'],
  ['a Node that is well again', { operation: operation('HealthCheck', 'Successful') }, 'Normal HealthCheckSuccessful'],
  ['a machine that has joined', { phase: 'Running', operation: operation('Create', 'Successful') }, undefined],
  ['a step of a deletion', { phase: 'Terminating', operation: operation('Delete', 'Processing') }, undefined],
  ['conditions', { conditions: [] }, undefined],
])('%s', (_, change, expected) => {
  const told = toldOf(change);
  expect(told && `${told.type} ${told.reason}`).toBe(expected);
});
