import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../kube/object.ts';
import type { Mutation, SeedFacts } from '../../admission.ts';
import { facts } from './fixtures.ts';
import { createMetalSeedMutations } from './mutations.ts';

const { controlPlane, seedProvider, shoot, extensions } = createMetalSeedMutations({
  config: { etcd: { storage: { className: 'fast' }, backup: { deltaSnapshotPeriod: '5m' }, isEvictionAllowed: true } },
});
const all = [...controlPlane, ...seedProvider, ...shoot, ...extensions];

const containerNames = fc.constantFrom(
  'kube-apiserver',
  'kube-controller-manager',
  'vpn-seed',
  'vpn-client-0',
  'vpn-seed-server',
  'vpn-shoot-s0',
  'calico-node',
  'machine-controller-manager',
  'machine-controller-manager-provider-metal',
  'other',
);
const flags = fc.array(
  fc.oneof(
    fc.constantFrom(
      '--cloud-provider=aws',
      '--cloud-provider=',
      '--cloud-config=x',
      '--v=2',
      'kubelet',
      '--external-cloud-volume-plugin=',
      '--enable-admission-plugins=PersistentVolumeLabel',
      '--disable-admission-plugins=A,PersistentVolumeLabel',
    ),
    fc.string({ maxLength: 8 }),
  ),
  { maxLength: 6 },
);
const env = fc.array(
  fc.record(
    {
      name: fc.constantFrom('SHOOT_NODE_NETWORKS', 'NODE_NETWORK', 'FELIX_BPFENABLED', 'FELIX_MTUIFACEPATTERN', 'X'),
      value: fc.constantFrom('', 'true', '10.0.0.0/8'),
    },
    { requiredKeys: ['name'] },
  ),
  { maxLength: 4 },
);
const containers = fc.array(
  fc.record({ name: containerNames, command: flags, args: flags, env }, { requiredKeys: ['name'] }),
  { maxLength: 4 },
);
const lines = fc.array(
  fc.oneof(
    fc.constantFrom(
      '[Service]',
      '[Unit]',
      'ExecStart=/kubelet \\',
      '  --cloud-provider=aws \\',
      '--v=2',
      'ExecStart=',
      '# c',
      '',
    ),
    fc.string({ maxLength: 12 }),
  ),
  { maxLength: 12 },
);
const config = fc
  .oneof(
    fc.record(
      {
        targetClientConnection: fc.option(
          fc.record({
            namespaces: fc.option(
              fc.array(fc.oneof(fc.constantFrom('audit', 'yes', '1e3'), fc.string({ maxLength: 6 }))),
            ),
          }),
        ),
        featureGates: fc.dictionary(fc.constantFrom('CSINodeInfo', 'CSIDriverRegistry', 'Other'), fc.boolean()),
      },
      { requiredKeys: [] },
    ),
    fc.jsonValue({ maxDepth: 2 }),
  )
  .map((value) => JSON.stringify(value));

const shapes: Readonly<Record<Mutation['kind'], fc.Arbitrary<object>>> = {
  ConfigMap: fc.record({ data: fc.record({ 'config.yaml': config }, { requiredKeys: [] }) }, { requiredKeys: [] }),
  ...Object.fromEntries(
    ['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) => [
      kind,
      fc.record(
        {
          spec: fc.record(
            {
              template: fc.record(
                { spec: fc.record({ containers, initContainers: containers }, { requiredKeys: [] }) },
                { requiredKeys: [] },
              ),
            },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: [] },
      ),
    ]),
  ),
  VerticalPodAutoscaler: fc.record(
    {
      spec: fc.record(
        {
          resourcePolicy: fc.record(
            { containerPolicies: fc.array(fc.record({ containerName: containerNames })) },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  ),
  OperatingSystemConfig: fc.record({
    spec: fc.record(
      {
        type: fc.constant('debian'),
        purpose: fc.constantFrom('reconcile', 'provision'),
        units: fc.array(
          fc.record({ name: fc.constant('kubelet.service'), content: lines.map((all) => all.join('\n')) }),
        ),
        files: fc.array(
          fc.record({
            path: fc.constant('/var/lib/kubelet/config/kubelet'),
            content: fc.record({ inline: fc.record({ encoding: fc.constantFrom('', 'x'), data: config }) }),
          }),
        ),
      },
      { requiredKeys: ['type', 'purpose'] },
    ),
  }),
  Etcd: fc.record(
    {
      spec: fc.record(
        {
          storageCapacity: fc.constantFrom('1Gi', '9Gi'),
          storageClass: fc.constantFrom('a', 'b'),
          backup: fc.record({ port: fc.nat() }),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  ),
  ...Object.fromEntries(
    ['Infrastructure', 'ControlPlane', 'Worker'].map((kind) => [
      kind,
      fc.record({
        spec: fc.record(
          {
            type: fc.constant('metal'),
            providerConfig: fc.oneof(fc.object({ maxDepth: 1 }), fc.jsonValue({ maxDepth: 1 })),
          },
          { requiredKeys: ['type'] },
        ),
      }),
    ]),
  ),
} as Record<Mutation['kind'], fc.Arbitrary<object>>;

const known: fc.Arbitrary<SeedFacts> = fc.oneof(
  fc.constant({ namespace: 'n' }),
  fc
    .record({
      version: fc.constantFrom('1.30.1', '1.33.0'),
      networkAccessType: fc.constantFrom('baseline', 'restricted'),
    })
    .map(facts),
);

/** Also when the API server hands the first result in as the old object. */
test.each(all.map((mutation, index) => [mutation.kind, String(mutation.names ?? 'all'), index] as const))(
  'a second application to %s %s changes nothing',
  (kind, _, index) => {
    const mutation = all[index] as Mutation;
    const name = Array.isArray(mutation.names) ? mutation.names[0] : 'etcd-main';
    void fc.assert(
      fc.property(shapes[kind], known, (shape, context) => {
        const object = { metadata: { name }, ...shape } as KubeObject;
        const before = structuredClone(object);
        const once = mutation.apply(object, context, undefined);
        expect(object).toEqual(before);
        expect(mutation.apply(once, context, undefined)).toEqual(once);
        expect(mutation.apply(once, context, once)).toEqual(once);
        expect(mutation.apply(object, context, once)).toEqual(once);
      }),
      { numRuns: 300 },
    );
  },
);
