import { expect, test } from 'vitest';
import type { GardenProfile } from '../providers/doctor.ts';
import type { BindingFact } from './bindings.ts';
import { ago, day, now, seedOf, snapshotOf } from './fixtures.ts';
import type { GardenSnapshot } from './garden.ts';
import { gardenFindings, readable, stateFindings } from './garden-findings.ts';
import { gardenShoot } from './garden-shoot.ts';

const expires = { expirationDate: ago(-7 * day) };
const profile: GardenProfile = {
  ...{ garden: 'g', name: 'metal' },
  spec: {
    kubernetes: { versions: [{ version: '1.33.1' }, { version: '1.30.0', ...expires }] },
    machineImages: [{ name: 'ubuntu', versions: [{ version: '24.4' }, { version: '22.4', ...expires }] }],
  },
};
const namespaced: GardenProfile = {
  ...{ garden: 'g', name: 'mine', namespace: 'garden-p' },
  spec: { machineImages: [{ name: 'ubuntu', versions: [{ version: '20.4' }] }] },
};
const garden: GardenSnapshot = { name: 'g', profiles: [profile, namespaced], bindings: [], admission: undefined };

interface Versions {
  readonly image?: string;
  readonly kubernetes?: string;
  readonly uid?: string;
  readonly spec?: object;
  readonly metadata?: object;
}

const shootOf = ({ image = '24.4', kubernetes = '1.33.1', uid = 'u', spec = {}, metadata = {} }: Versions) =>
  gardenShoot.parse({
    metadata: { name: 'a', namespace: 'garden-p', uid, ...metadata },
    spec: {
      ...{ cloudProfile: { kind: 'CloudProfile', name: 'metal' }, kubernetes: { version: kubernetes } },
      provider: { type: 'metal', workers: [{ name: 'w', machine: { image: { name: 'ubuntu', version: image } } }] },
      ...spec,
    },
  });
const found = (shoot: ReturnType<typeof shootOf>, fields: Partial<GardenSnapshot> = {}) => {
  const where = { gardens: [{ name: 'g', shoots: [shoot] }], seeds: [seedOf([snapshotOf()])], unreadSeeds: [] };
  return gardenFindings({ ...garden, ...fields }, { ...where, type: 'metal' }, now);
};
const kinds = (...given: Parameters<typeof found>) =>
  found(...given).map(({ severity, kind, object }) => `${severity} ${kind} ${object}`);

const ofMine = { cloudProfile: { kind: 'NamespacedCloudProfile', name: 'mine' } };
const imageExpires = 'warning MachineImageExpires pool w';
const imageGone = 'warning MachineImageNotInProfile pool w';
const kubernetesExpires = 'warning KubernetesVersionExpires Shoot a';

test.each<[string, Versions, string[]]>([
  ['what is offered', {}, []],
  ['an image that expires', { image: '22.4' }, [imageExpires]],
  ['an image that is gone', { image: '20.4' }, [imageGone]],
  ['an image that its own profile has', { image: '20.4', spec: ofMine }, []],
  ['the profile of another project', { image: '1', spec: ofMine, metadata: { namespace: 'garden-q' } }, []],
  [
    'the old spelling of the profile',
    { image: '20.4', spec: { cloudProfile: null, cloudProfileName: 'metal' } },
    [imageGone],
  ],
  ['a Kubernetes version that expires', { kubernetes: '1.30.0' }, [kubernetesExpires]],
  [
    'an image of a pool whose seed was looked at',
    { image: '22.4', kubernetes: '1.30.0', uid: 'abc' },
    [kubernetesExpires],
  ],
  ['an image of a Shoot that is deleted', { image: '22.4', metadata: { deletionTimestamp: ago(day) } }, []],
  ['an image of another type', { image: '22.4', spec: { provider: { type: 'other' } } }, []],
])('%s', (_, versions, expected) => expect(kinds(shootOf(versions))).toEqual(expected));

const binding = (fields: Partial<BindingFact>): BindingFact => ({
  ...{ kind: 'SecretBinding', key: { namespace: 'garden-p', name: 'b' }, reference: 'Secret garden-p/s', faults: [] },
  ...fields,
});
const user = { spec: { secretBindingName: 'b' } };

test.each<[string, BindingFact, Versions, string[]]>([
  ['that is fine', binding({}), user, []],
  ['without a Secret', binding({ faults: undefined }), {}, ['warning BindingWithoutSecret SecretBinding garden-p/b']],
  ['that a Shoot uses', binding({ faults: undefined }), user, ['error BindingWithoutSecret SecretBinding garden-p/b']],
  ['of a bad Secret', binding({ faults: ['data: no'] }), user, ['error BindingInvalid SecretBinding garden-p/b']],
  [
    'of another kind than the Shoot uses',
    binding({ kind: 'CredentialsBinding', faults: ['data: no'] }),
    user,
    ['warning BindingInvalid CredentialsBinding garden-p/b'],
  ],
  [
    'of another project than that of the Shoot',
    binding({ faults: ['data: no'], key: { namespace: 'garden-q', name: 'b' } }),
    user,
    ['warning BindingInvalid SecretBinding garden-q/b'],
  ],
])('a binding %s', (_, fact, versions, expected) => {
  expect(kinds(shootOf(versions), { bindings: [fact] })).toEqual(expected);
});

test('each says in which garden it is', () => {
  expect(found(shootOf({ image: '22.4', metadata: {} }))).toMatchObject([{ garden: 'g', cluster: 'garden-p/a' }]);
});

test('the admission is not missed where there is nothing of the type', () => {
  const nothing = { webhooks: [], served: undefined, certificates: [], targets: [], unanswered: [] };
  const admission = { ...nothing, missing: ['MutatingWebhookConfiguration x'] };
  const other = shootOf({ spec: { provider: { type: 'other' } } });
  expect(kinds(other, { admission, profiles: [] })).toEqual([]);
  expect(kinds(other, { admission })).toEqual(['warning AdmissionMissing MutatingWebhookConfiguration x']);
});

test('a state that cannot be read is told of, and no machine in it is missed', () => {
  const about = { garden: 'g', object: 'ShootState garden-p/a', cluster: 'shoot--p--a', clusterID: 'abc' };
  const states = [
    { ...about, providerIDs: undefined },
    { ...about, providerIDs: ['metal:///fra/m'] },
  ];
  expect(stateFindings(states).map(({ kind }) => kind)).toEqual(['ShootStateInvalid']);
  expect(readable(states)).toEqual([states[1]]);
});
