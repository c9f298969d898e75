import { expect, test } from 'vitest';
import type { MachineClass } from '../apis/machine/machine.ts';
import type { KubeObject } from '../kube/object.ts';
import type { ClusterSnapshot } from '../providers/doctor.ts';
import { namespace, now, old, snapshotOf, workerOf, young } from './fixtures.ts';
import { machineClassFindings } from './machine-classes.ts';

const name = `${namespace}-w-abcde`;
const legacy = { 'garden.sapcloud.io/purpose': 'machineclass' };
const usual = { 'gardener.cloud/purpose': 'machineclass' };
const classOf = (creationTimestamp: string, secret = name): MachineClass => ({
  metadata: { name, namespace, creationTimestamp },
  ...{ provider: 'metal', providerSpec: {}, secretRef: { name: secret, namespace } },
});
const secretOf = (labels: Record<string, string>, fields: object = {}): KubeObject => ({
  metadata: { name, namespace, uid: 'u', labels, creationTimestamp: old, ...fields },
});
const spec = { class: { kind: 'MachineClass', name } };
const metadata = { name: 'm', namespace };
const stale = ['ClassSecretStale', 'delete'];

test.each<[string, Partial<ClusterSnapshot>, string[][]]>([
  [
    'a class of a deployment',
    { machineClasses: [classOf(old)], machineDeployments: [{ metadata, spec: { template: { spec } } }] },
    [],
  ],
  [
    'a class of a set',
    { machineClasses: [classOf(old)], machineSets: [{ metadata, spec: { template: { spec } } }] },
    [],
  ],
  [
    'a class of a set of old',
    { machineClasses: [classOf(old)], machineSets: [{ metadata, spec: { machineClass: { name } } }] },
    [],
  ],
  ['a class of a machine', { machineClasses: [classOf(old)], machines: [{ metadata, spec }] }, []],
  ['a class of nobody', { machineClasses: [classOf(old)] }, [['MachineClassStale']]],
  ['a new class', { machineClasses: [classOf(young)] }, []],
  ['a secret of a class', { machineClasses: [classOf(young)], classSecrets: [secretOf(legacy)] }, []],
  [
    'a secret that a class names',
    { machineClasses: [{ ...classOf(young, 's'), metadata }], classSecrets: [secretOf(legacy, { name: 's' })] },
    [],
  ],
  ['a secret of ours', { classSecrets: [secretOf({ ...legacy, ...usual })] }, [stale]],
  ['a secret of the Go extension', { classSecrets: [secretOf(legacy)] }, [stale]],
  ['a secret of another provider', { classSecrets: [secretOf(usual)] }, [['ClassSecretStale']]],
  ['a secret with another name', { classSecrets: [secretOf(legacy, { name: 'x' })] }, [['ClassSecretStale']]],
  ['a new secret', { classSecrets: [secretOf(legacy, { creationTimestamp: young })] }, []],
  ['a secret that goes', { classSecrets: [secretOf(legacy, { deletionTimestamp: young })] }, []],
  [
    'a cluster that moves',
    { classSecrets: [secretOf(legacy)], worker: workerOf({ lastOperation: { type: 'Migrate', state: 'Succeeded' } }) },
    [],
  ],
  [
    'a cluster under way',
    {
      classSecrets: [secretOf(legacy)],
      worker: workerOf({ lastOperation: { type: 'Reconcile', state: 'Processing' } }),
    },
    [],
  ],
])('%s', (_, changes, expected) => {
  const found = machineClassFindings(snapshotOf(changes), now);
  expect(found.map(({ kind, fix }) => (fix ? [kind, fix.action] : [kind]))).toEqual(expected);
});
