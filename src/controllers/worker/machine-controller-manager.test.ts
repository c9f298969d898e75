import { expect, it } from 'vitest';
import { liveDeployment, machineSet, wantedDeployment } from './fixtures.ts';
import { isStuck } from './machine-controller-manager.ts';

const finalizer = 'machine.sapcloud.io/machine-controller-manager';

it.each<[string, string, string[], string[], boolean]>([
  ['does nothing', '2026-01-02T03:00:00Z', [finalizer], [], true],
  ['only for the old class', '2026-01-02T03:00:00Z', [finalizer], ['d-00000'], true],
  ['has made a MachineSet', '2026-01-02T03:00:00Z', [finalizer], ['d-11111'], false],
  ['has just begun', '2026-01-02T03:02:01Z', [finalizer], [], false],
  ['has not taken it up', '2026-01-02T03:00:00Z', [], [], false],
])('a manager that %s', (_, creationTimestamp, finalizers, classes, expected) => {
  const live = liveDeployment();
  const deployments = [{ ...live, metadata: { ...live.metadata, creationTimestamp, finalizers } }];
  const observed = { deployments, sets: classes.map((name) => machineSet(name)), machines: [] };
  expect(isStuck([wantedDeployment()], observed, Date.parse('2026-01-02T03:04:00Z'))).toBe(expected);
});
