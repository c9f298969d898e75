import { describe, expect, it } from 'vitest';
import type { Worker } from '../../apis/extensions/worker.ts';
import type { Secret } from '../../kube/secret.ts';
import { wantedDeployment } from './fixtures.ts';
import { classPatch, desiredClass, desiredSecret, secretPatch } from './machine-class.ts';

const worker: Worker = {
  metadata: { name: 'worker', namespace: 'ns' },
  spec: { type: 'test', region: 'fra', secretRef: { name: 'cloudprovider' } },
};

describe('MachineClass', () => {
  const desired = desiredClass(worker, wantedDeployment());

  it('refers to its Secret and to the credentials', () => {
    expect(desired).toEqual({
      metadata: { namespace: 'ns', name: 'd-11111' },
      provider: 'test',
      providerSpec: { size: 'c1', tags: ['x'] },
      secretRef: { name: 'd-11111', namespace: 'ns' },
      credentialsSecretRef: { name: 'cloudprovider', namespace: 'ns' },
    });
  });

  it.each<[string, object, unknown]>([
    ['nothing', {}, undefined],
    ['metadata of others', { metadata: { name: 'd-11111', finalizers: ['f'] } }, undefined],
    ['one member', { providerSpec: { size: 'c2', tags: ['x'] } }, { providerSpec: { size: 'c1' } }],
    ['a member too many', { providerSpec: { size: 'c1', tags: ['x'], old: 1 } }, { providerSpec: { old: null } }],
    ['a node template too many', { nodeTemplate: { zone: 'z' } }, { nodeTemplate: null }],
  ])('patches %s', (_, change, expected) => expect(classPatch({ ...desired, ...change }, desired)).toEqual(expected));
});

describe('Secret', () => {
  const desired = desiredSecret('ns', wantedDeployment(), btoa('u'));
  const digest = (value: string) => `#${value}`;
  const live = (change: Partial<Secret> = {}): Secret => ({
    ...desired,
    data: { token: `#${btoa('t')}`, userData: `#${btoa('u')}` },
    ...change,
  });

  it('has the user data, what the provider adds, and both labels', () => {
    expect(desired).toEqual({
      metadata: {
        namespace: 'ns',
        name: 'd-11111',
        labels: { 'gardener.cloud/purpose': 'machineclass', 'garden.sapcloud.io/purpose': 'machineclass' },
      },
      type: 'Opaque',
      data: { token: btoa('t'), userData: btoa('u') },
    });
  });

  it.each<[string, Secret, unknown]>([
    ['nothing', live(), undefined],
    [
      'the other label',
      live({ metadata: { name: 'd-11111', labels: { 'garden.sapcloud.io/purpose': 'machineclass' } } }),
      { metadata: { labels: { 'gardener.cloud/purpose': 'machineclass' } } },
    ],
    ['user data', live({ data: { token: `#${btoa('t')}`, userData: '#old' } }), { data: desired.data }],
    [
      'a key too many',
      live({ data: { token: `#${btoa('t')}`, userData: `#${btoa('u')}`, old: '#' } }),
      { data: { ...desired.data, old: null } },
    ],
  ])('patches %s', (_, secret, expected) => expect(secretPatch(secret, desired, digest)).toEqual(expected));
});
