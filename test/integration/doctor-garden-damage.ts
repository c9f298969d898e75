import { WORKER_SIZE } from '../../landscape/metal-api/fixture.ts';
import { encodeMachineState } from '../../src/controllers/worker/machine-state.ts';
import type { ObjectKey } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';
import { secrets } from '../../src/kube/secret.ts';
import { cloudProfiles } from '../../src/webhooks/garden/resources.ts';
import { webhookConfigurations } from '../../src/webhooks/registration.ts';
import type { Damage, Scene } from './doctor-damage.ts';
import {
  admission,
  credentials,
  endpointSlices,
  issueAdmission,
  profile,
  secretBindings,
  services,
  shootStates,
  slice,
  version,
  webhooksOf,
} from './doctor-garden-stage.ts';

/** Merge-patches an object, and puts back all of it that was there before. */
const changed =
  (resource: Resource, key: ObjectKey, change: object | (() => Promise<object>)): Damage =>
  async ({ seed: { client } }) => {
    const before = await client.get(resource, key);
    const patch = typeof change === 'function' ? await change() : change;
    const { resourceVersion = '' } = (await client.mergePatch(resource, key, patch)).metadata;
    return () => client.replace(resource, { ...before, metadata: { ...before.metadata, resourceVersion } });
  };

const gone =
  (resource: Resource, key: ObjectKey): Damage =>
  async ({ seed: { client } }) => {
    const { metadata, ...before } = await client.get(resource, key);
    await client.delete(resource, key);
    const { uid, resourceVersion, ...kept } = metadata;
    return () => client.create(resource, { ...before, metadata: kept });
  };

const state =
  (data: (scene: Scene) => unknown): Damage =>
  async (scene) => {
    const { client } = scene.seed;
    const gardener = [{ name: 'machine-state', type: 'machine-state', data: await data(scene) }];
    await client.create(shootStates, { metadata: scene.home.garden, spec: { gardener } });
    return () => client.delete(shootStates, scene.home.garden);
  };

const machineOf = (name: string, id: string) => ({
  metadata: { name },
  spec: { class: { kind: 'MachineClass', name: 'c' }, providerID: `metal:///fra-equ01/${id}` },
});
const other = { namespace: credentials.namespace, name: 'other' };
const webhooks = { name: admission.name };
const unused: Damage = async ({ seed: { client } }) => {
  await client.create(secretBindings, { metadata: other, provider: { type: 'metal' }, secretRef: other });
  return () => client.delete(secretBindings, other);
};
const spec = (fields: object) => ({ spec: fields });
const plane = (fields: object) => spec({ providerConfig: { metalControlPlanes: { local: fields } } });
const images = (...versions: string[]) =>
  spec({ machineImages: [{ name: 'ubuntu', versions: versions.map((each) => ({ version: each })) }] });

/** What is damaged in the garden, each with the name of the finding that tells of it. */
export const gardenDamages: readonly (readonly [string, string, Damage])[] = [
  ['AdmissionMissing', 'warning', gone(webhookConfigurations.mutating, webhooks)],
  [
    'AdmissionNotRequired',
    'warning',
    changed(webhookConfigurations.validating, webhooks, async () => ({
      webhooks: webhooksOf((await issueAdmission()).authority.cert, 'Ignore'),
    })),
  ],
  [
    'AdmissionNotTrusted',
    'error',
    changed(webhookConfigurations.validating, webhooks, async () => ({
      webhooks: webhooksOf((await issueAdmission()).authority.cert),
    })),
  ],
  ['AdmissionBundleInvalid', 'error', changed(webhookConfigurations.mutating, webhooks, { webhooks: webhooksOf('') })],
  ['AdmissionUnanswered', 'error', changed(endpointSlices, slice, { endpoints: [] })],
  [
    'WebhookWithoutService',
    'error',
    async (scene) => {
      const undo = [
        await gone(webhookConfigurations.mutating, webhooks)(scene),
        await gone(services, admission)(scene),
      ];
      return async () => {
        for (const step of undo) await step();
      };
    },
  ],
  ['BindingWithoutSecret', 'warning', unused],
  ['BindingInvalid', 'error', changed(secrets, credentials, { data: { metalAPIKey: btoa('a token') } })],
  [
    'MachineTypeNotAtMetalApi',
    'warning',
    changed(cloudProfiles, profile, spec({ machineTypes: [{ name: WORKER_SIZE }, { name: 'c9-none' }] })),
  ],
  [
    'FirewallImageNotAtMetalApi',
    'warning',
    changed(cloudProfiles, profile, plane({ firewallImages: ['firewall-ubuntu-3.0', 'firewall-ubuntu-9.9'] })),
  ],
  ['MachineImageNotConfigured', 'warning', changed(cloudProfiles, profile, images('24.4', '99.9'))],
  ['MachineImageNotAtMetalApi', 'warning', changed(cloudProfiles, profile, images('24.4', '1.0'))],
  [
    'KubernetesVersionExpires',
    'warning',
    changed(
      cloudProfiles,
      profile,
      spec({ kubernetes: { versions: [{ version, expirationDate: '2026-01-01T00:00:00Z' }] } }),
    ),
  ],
  [
    'ShootStateOutdated',
    'info',
    state(({ home: { machine } }) => {
      const machines = [machineOf('here', machine.id), machineOf('lost', 'lost')];
      return encodeMachineState(new Map([['w', { replicas: 2, machineSets: [], machines }]]));
    }),
  ],
  ['ShootStateInvalid', 'warning', state(() => ({ state: 'rubbish' }))],
];
