import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../landscape/control-plane/control-plane.ts';
import { applyGardenContent } from '../../landscape/garden/content.ts';
import { examplePath, type Manifest, readExample } from '../../landscape/garden/manifests.ts';
import { cloudProfiles, shoots } from '../../landscape/gardenlet/resources.ts';
import { silentProgress } from '../../landscape/progress.ts';
import { kubectl, type Spoken } from '../../landscape/up/kubectl.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import { eventually } from '../scene/eventually.ts';
import { type AdmissionProcess, startAdmission } from './admission-process.ts';

const values = { metalApiUrl: 'http://127.0.0.1:1/metal', metalApiHmac: 'first-key' };
const namespace = 'garden-local';

/** A control plane of its own: what is refused here must not be refused to other test files. */
let plane: ControlPlane;
let client: ClosableKubeClient;
let dir: string;
const replicas: AdmissionProcess[] = [];

const startReplica = async (name: string): Promise<void> => {
  const kubeconfig = plane.garden.kubeconfig;
  replicas.push(await startAdmission({ dir, kubeconfig, namespace: 'garden', name }));
};

const run = (args: readonly string[], input?: unknown): Promise<Spoken> =>
  kubectl(
    { kubectl: inject('parts').kubectl, kubeconfig: plane.garden.kubeconfig },
    args,
    input === undefined ? '' : JSON.stringify(input),
  );

/** What the person at the keyboard reads, `ok` before it when it was done. */
async function says(args: readonly string[], input?: unknown): Promise<string> {
  const { code, stdout, stderr } = await run(args, input);
  return `${code === 0 ? 'ok\n' : ''}${stderr}${stdout}`.trim();
}

const apply = (object: unknown) => says(['apply', '-f', '-'], object);
const patch = (kind: string, name: string, change: object) =>
  says(['patch', kind, name, '-n', namespace, '--type=merge', '-p', JSON.stringify(change)]);

async function example(file: string, name: string): Promise<Manifest> {
  const [object] = await readExample(file);
  if (!object) throw new Error(`example/${file} is empty`);
  return { ...object, metadata: { ...object.metadata, name } };
}

const metal = 'metal.provider.extensions.gardener.cloud/v1alpha1';

beforeAll(async () => {
  dir = join(inject('landscapeDir'), 'admission');
  plane = await startControlPlane({ dir, parts: inject('parts'), progress: silentProgress, gardener: true });
  client = createKubeClient({ kubeconfig: plane.garden.kubeconfig });
  await run(['create', 'namespace', 'garden']);
  await startReplica('admission-a');
  await startReplica('admission-b');
  await applyGardenContent(client, values, new AbortController().signal);
});

afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await client?.close();
  await plane?.stop();
});

describe('a Shoot', () => {
  test('that is good is stored with its defaults', async () => {
    expect(await says(['apply', '-f', examplePath('shoot.yaml')])).toBe(
      'ok\nshoot.core.gardener.cloud/example created',
    );
    const { spec } = await client.get(shoots, { namespace, name: 'example' });
    expect(spec).toMatchObject({
      kubernetes: { kubelet: { maxPods: 250 } },
      networking: {
        providerConfig: {
          apiVersion: 'calico.networking.extensions.gardener.cloud/v1alpha1',
          kind: 'NetworkConfig',
          backend: 'none',
          ipv4: { mode: 'Never' },
          typha: { enabled: false },
        },
      },
      provider: {
        infrastructureConfig: { firewall: { size: 'n1-medium-x86', image: 'firewall-ubuntu-3.0.20260112' } },
      },
    });
  });

  test('that is applied again stays as it is', async () => {
    expect(await says(['apply', '-f', examplePath('shoot.yaml')])).toMatch(/^ok/);
    const { metadata } = await client.get(shoots, { namespace, name: 'example' });
    expect(metadata.generation).toBe(1);
  });

  test('that speaks IPv6 only is good as well', async () => {
    expect(await says(['apply', '-f', examplePath('shoot-ipv6.yaml')])).toMatch(/^ok/);
  });

  test('with many mistakes is refused with all of them', async () => {
    expect(await says(['apply', '-f', examplePath('shoot-refused.yaml')])).toMatchInlineSnapshot(`
      "The Shoot "refused" is invalid: 
      * spec.provider.controlPlaneConfig.networkAccesType: Forbidden: unknown field, did you mean networkAccessType?
      * metadata.annotations: Required value: the tenant must be given in the annotation cluster.metal-stack.io/tenant
      * spec.provider.infrastructureConfig.firewall.networks[1]: Duplicate value: "internet": is given more than once
      * spec.provider.infrastructureConfig.firewall.rateLimits[0].rateLimit: Invalid value: 0: must be greater than 0 MiB per second
      * spec.provider.infrastructureConfig.firewall.egressRules[0].networkID: Unsupported value: "intranet": supported values: [internet], did you mean internet?
      * spec.provider.infrastructureConfig.firewall.egressRules[0].ips[0]: Invalid value: "203.0.113.300": must be an IP address
      * spec.provider.infrastructureConfig.firewall.firewallHealthTimeout: Invalid value: "soon": must be a duration, for example 30m or 1h30m
      * spec.provider.infrastructureConfig.partitionID: Unsupported value: "muc-equ01": supported values: [fra-equ01]
      * spec.provider.infrastructureConfig.firewall.image: Unsupported value: "ubuntu-24.4": supported values: [firewall-ubuntu-3.0.20260112]
      * spec.provider.infrastructureConfig.firewall.size: Unsupported value: "c1-xlarge-x86": supported values: [n1-medium-x86]
      * spec.provider.workers[0].volume: Forbidden: volumes are not supported: machines have the disks of their size
      * spec.networking.services: Invalid value: "10.240.0.0/18": must not overlap with spec.networking.pods, 10.240.0.0/13"
    `);
  });

  test('that works but should be looked at brings warnings', async () => {
    const shoot = await example('shoot.yaml', 'warned');
    const { provider } = shoot.spec as { provider: { controlPlaneConfig: object } };
    Object.assign(provider.controlPlaneConfig, { featureGates: { clusterAudit: true } });
    expect(await apply(shoot)).toMatchInlineSnapshot(`
      "ok
      Warning: spec.provider.controlPlaneConfig.featureGates.clusterAudit: deprecated, it has no effect
      shoot.core.gardener.cloud/warned created"
    `);
  });

  test('without provider configurations is told so', async () => {
    const shoot = await example('shoot.yaml', 'bare');
    const { provider } = shoot.spec as { provider: { infrastructureConfig?: object; controlPlaneConfig?: object } };
    delete provider.infrastructureConfig;
    delete provider.controlPlaneConfig;
    expect(await apply(shoot)).toMatchInlineSnapshot(
      `"The Shoot "bare" is invalid: spec.provider.infrastructureConfig: Required value: an InfrastructureConfig must be given for a cluster of type metal"`,
    );
  });

  test('keeps what is immutable', async () => {
    const change = {
      metadata: { annotations: { 'cluster.metal-stack.io/tenant': 'other' } },
      spec: { provider: { infrastructureConfig: { partitionID: 'muc-equ01', projectID: 'x' } } },
    };
    expect(await patch('shoot', 'example', change)).toMatchInlineSnapshot(`
      "The Shoot "example" is invalid: 
      * metadata.annotations: Forbidden: the annotation cluster.metal-stack.io/tenant is immutable
      * spec.provider.infrastructureConfig.projectID: Invalid value: "x": field is immutable, it is 11111111-1111-4111-8111-111111111111
      * spec.provider.infrastructureConfig.partitionID: Invalid value: "muc-equ01": field is immutable, it is fra-equ01
      * spec.provider.infrastructureConfig.partitionID: Unsupported value: "muc-equ01": supported values: [fra-equ01]"
    `);
  });

  test('whose name is generated gets defaults, too', async () => {
    const { metadata, ...shoot } = await example('shoot.yaml', '');
    const { name, ...unnamed } = metadata;
    const object = { ...shoot, metadata: { ...unnamed, generateName: 'many-' } };
    expect(
      await says(
        ['create', '--dry-run=server', '-o', 'jsonpath={.spec.kubernetes.kubelet.maxPods}', '-f', '-'],
        object,
      ),
    ).toBe('ok\n250');
  });
});

describe('a CloudProfile', () => {
  test('with mistakes is refused with all of them', async () => {
    const change = {
      spec: {
        providerConfig: {
          metalControlPlanes: {
            prod: {
              endpoint: 'metal.example.com',
              firewallImage: ['a'],
              partitions: { nowhere: {} },
              firewallControllerVersions: [{ version: 'v1', classification: 'new' }, { version: 'v1' }],
            },
          },
        },
      },
    };
    expect(await patch('cloudprofile', 'metal', change)).toMatchInlineSnapshot(`
      "Warning: spec.providerConfig.metalControlPlanes[prod].firewallControllerVersions: none is classified as supported, so every Shoot must name its firewall.controllerVersion
      The CloudProfile "metal" is invalid: 
      * spec.providerConfig.metalControlPlanes[prod].firewallImage: Forbidden: unknown field, did you mean firewallImages?
      * spec.providerConfig.metalControlPlanes[prod].endpoint: Invalid value: "metal.example.com": must be a URL with the scheme http or https
      * spec.providerConfig.metalControlPlanes[prod].firewallControllerVersions[0].classification: Unsupported value: "new": supported values: [deprecated, preview, supported]
      * spec.providerConfig.metalControlPlanes[prod].firewallControllerVersions[1].version: Duplicate value: "v1": is given more than once
      * spec.providerConfig.metalControlPlanes[prod].partitions[nowhere]: Unsupported value: "nowhere": supported values: [fra-equ01, muc-equ01]"
    `);
  });

  test('needs a providerConfig', async () => {
    const profile = await example('cloudprofile.yaml', 'bare');
    const { providerConfig, ...spec } = profile.spec as { providerConfig: unknown };
    expect(await apply({ ...profile, spec })).toMatchInlineSnapshot(
      `"The CloudProfile "bare" is invalid: spec.providerConfig: Required value: a CloudProfileConfig must be given for a CloudProfile of type metal"`,
    );
  });
});

describe('a NamespacedCloudProfile', () => {
  const object = (spec: object) => ({
    apiVersion: 'core.gardener.cloud/v1beta1',
    kind: 'NamespacedCloudProfile',
    metadata: { name: 'own', namespace },
    spec: { parent: { kind: 'CloudProfile', name: 'metal' }, ...spec },
  });

  test('that overrides nothing of metal is good', async () => {
    const versions = [{ version: '1.34.7', expirationDate: '2031-01-01T00:00:00Z' }];
    expect(await apply(object({ kubernetes: { versions } }))).toBe(
      'ok\nnamespacedcloudprofile.core.gardener.cloud/own created',
    );
  });

  test('gives Shoots that name it what its merged profile offers', async () => {
    const parent = await client.get(cloudProfiles, { name: 'metal' });
    const status = JSON.stringify({ status: { cloudProfileSpec: parent.spec } });
    const args = ['patch', 'namespacedcloudprofile', 'own', '-n', namespace, '--subresource=status', '--type=merge'];
    expect(await says([...args, '-p', status])).toMatch(/^ok/);
    const shoot = await example('shoot.yaml', 'merged');
    Object.assign(shoot.spec as object, { cloudProfile: { kind: 'NamespacedCloudProfile', name: 'own' } });
    const path = '{.spec.provider.infrastructureConfig.firewall.size}';
    await eventually(async () => {
      const answer = await says(['create', '--dry-run=server', '-o', `jsonpath=${path}`, '-f', '-'], shoot);
      expect(answer).toBe('ok\nn1-medium-x86');
    });
  });

  test('that is wrong is refused', async () => {
    const providerConfig = {
      apiVersion: metal,
      kind: 'CloudProfileConfig',
      metalControlPlanes: { prod: { endpoint: 'x' } },
    };
    expect(await apply(object({ providerConfig }))).toMatchInlineSnapshot(
      `"The NamespacedCloudProfile "own" is invalid: spec.providerConfig.metalControlPlanes: Forbidden: metal control planes come from the parent CloudProfile and cannot be changed for a project"`,
    );
  });
});

describe('credentials', () => {
  const secret = (name: string, stringData: Record<string, string>, labels: Record<string, string> = {}) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels },
    stringData,
  });
  const ofMetal = { 'provider.shoot.gardener.cloud/metal': 'true' };
  const both = { metalAPIHMac: 'geheim-1', metalAPIKey: 'geheim-2' };

  test('that are wrong are refused, and not repeated', async () => {
    expect(await apply(secret('both', both, ofMetal))).toMatchInlineSnapshot(
      `"The Secret "both" is invalid: data: Forbidden: only one of [metalAPIHMac, metalAPIKey] may be set, not both"`,
    );
    expect(await apply(secret('none', {}, ofMetal))).toMatchInlineSnapshot(
      `"The Secret "none" is invalid: data: Required value: one of [metalAPIHMac, metalAPIKey] must be set and not empty"`,
    );
    expect(
      await patch('secret', 'metal-credentials', { stringData: { metalAPIKey: 'geheim-3' } }),
    ).toMatchInlineSnapshot(
      `"The Secret "metal-credentials" is invalid: data: Forbidden: only one of [metalAPIHMac, metalAPIKey] may be set, not both"`,
    );
  });

  test('may get labels, and be rotated', async () => {
    expect(await patch('secret', 'metal-credentials', { metadata: { labels: { a: 'b' } } })).toMatch(/^ok/);
    expect(await patch('secret', 'metal-credentials', { stringData: { metalAPIHMac: 'second-key' } })).toMatch(/^ok/);
  });

  test('of bindings are looked at', async () => {
    expect(await apply(secret('plain', both))).toBe('ok\nsecret/plain created');
    const credentialsBinding = (credentialsRef: object) => ({
      apiVersion: 'security.gardener.cloud/v1alpha1',
      kind: 'CredentialsBinding',
      metadata: { name: 'own', namespace },
      provider: { type: 'metal' },
      credentialsRef: { namespace, ...credentialsRef },
    });
    const reference = { apiVersion: 'v1', kind: 'Secret', name: 'plain' };
    expect(await apply(credentialsBinding(reference))).toMatchInlineSnapshot(
      `"Error from server (Forbidden): error when creating "STDIN": credentialsbindings.security.gardener.cloud "own" is forbidden: metal provider secret sanity check failed: admission webhook "secrets.validator.admission-metal.extensions.gardener.cloud" denied the request: data: Forbidden: only one of [metalAPIHMac, metalAPIKey] may be set, not both"`,
    );
    const secretBinding = {
      apiVersion: 'core.gardener.cloud/v1beta1',
      kind: 'SecretBinding',
      metadata: { name: 'own', namespace },
      provider: { type: 'metal' },
      secretRef: { name: 'plain', namespace },
    };
    expect(await apply(secretBinding)).toMatchInlineSnapshot(`
      "Warning: SecretBinding is deprecated in favour of CredentialsBinding. For migration instructions, see: https://github.com/gardener/gardener/blob/master/docs/usage/shoot-operations/secretbinding-to-credentialsbinding-migration.md
      Error from server (Forbidden): error when creating "STDIN": secretbindings.core.gardener.cloud "own" is forbidden: metal provider secret sanity check failed: admission webhook "secrets.validator.admission-metal.extensions.gardener.cloud" denied the request: data: Forbidden: only one of [metalAPIHMac, metalAPIKey] may be set, not both"
    `);
    const identity = {
      apiVersion: 'security.gardener.cloud/v1alpha1',
      kind: 'WorkloadIdentity',
      metadata: { name: 'plain', namespace },
      spec: { audiences: ['a'], targetSystem: { type: 'metal' } },
    };
    expect(await apply(identity)).toMatch(/^ok/);
    const { metadata, ...rest } = identity;
    expect(
      await apply(credentialsBinding({ apiVersion: rest.apiVersion, kind: rest.kind, name: 'plain' })),
    ).toMatchInlineSnapshot(
      `"The CredentialsBinding "own" is invalid: credentialsRef: Unsupported value: "security.gardener.cloud/v1alpha1 WorkloadIdentity": credentials of type metal must be a Secret (apiVersion v1)"`,
    );
  });

  test('are in no log', async () => {
    for (const { logFile } of replicas)
      expect(await readFile(logFile, 'utf8')).not.toMatch(/geheim|Z2VoZWlt|(first|second)-key/);
  });
});

describe('a Shoot of yesterday, under a CloudProfile that has become stricter', () => {
  const images = (firewallImages: string[]) =>
    client.mergePatch(
      cloudProfiles,
      { name: 'metal' },
      { spec: { providerConfig: { metalControlPlanes: { prod: { firewallImages } } } } },
    );

  beforeAll(async () => {
    await images(['firewall-ubuntu-4.0.20260601']);
    await eventually(async () => {
      const shoot = await example('shoot.yaml', 'fresh');
      const { provider } = shoot.spec as { provider: { infrastructureConfig: { firewall: object } } };
      Object.assign(provider.infrastructureConfig.firewall, { image: 'firewall-ubuntu-3.0.20260112' });
      const answer = await says(['create', '--dry-run=server', '-f', '-'], shoot);
      expect(answer).toContain('firewall.image: Unsupported value: "firewall-ubuntu-3.0.20260112"');
    });
  });

  test.each([
    ['annotated', { metadata: { annotations: { a: 'b' } } }],
    ['hibernated', { spec: { hibernation: { enabled: true } } }],
    ['woken up', { spec: { hibernation: { enabled: false } } }],
  ])('is %s', async (_, change) => {
    expect(await patch('shoot', 'example', change)).toMatch(/^ok/);
  });

  test('is scaled', async () => {
    const path = '/spec/provider/workers/0/maximum';
    const change = JSON.stringify([{ op: 'replace', path, value: 5 }]);
    expect(await says(['patch', 'shoot', 'example', '-n', namespace, '--type=json', '-p', change])).toMatch(/^ok/);
  });

  test('does not get worse', async () => {
    const firewall = { networks: ['internet', 'internet'] };
    expect(
      await patch('shoot', 'example', { spec: { provider: { infrastructureConfig: { firewall } } } }),
    ).toMatchInlineSnapshot(
      `"The Shoot "example" is invalid: spec.provider.infrastructureConfig.firewall.networks[1]: Duplicate value: "internet": is given more than once"`,
    );
  });

  test('is deleted, its finalizers included', async () => {
    const done = [
      await patch('shoot', 'example', {
        metadata: { annotations: { 'confirmation.gardener.cloud/deletion': 'true' }, finalizers: ['gardener'] },
      }),
      await says(['delete', 'shoot', 'example', '-n', namespace, '--wait=false']),
      await patch('shoot', 'example', { metadata: { finalizers: null } }),
    ];
    for (const answer of done) expect(answer).toMatch(/^ok/);
    expect(await client.find(shoots, { namespace, name: 'example' })).toBeUndefined();
  });
});

describe('it goes on', () => {
  const refusedAgain = () =>
    eventually(async () => {
      const answer = await says(['apply', '-f', examplePath('shoot-refused.yaml')]);
      expect(answer).toContain('spec.provider.workers[0].volume: Forbidden');
    }, 40_000);

  test('when the API server was restarted', async () => {
    await plane.restartGarden();
    await refusedAgain();
    expect(await patch('shoot', 'example-ipv6', { spec: { hibernation: { enabled: true } } })).toMatch(/^ok/);
  });

  test('when either replica is killed', async () => {
    for (const replica of replicas.splice(0)) {
      await replica.kill();
      await startReplica(`${replica.name}-again`);
      await refusedAgain();
    }
  });
});
