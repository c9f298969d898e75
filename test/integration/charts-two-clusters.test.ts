import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { charts } from '../../landscape/charts/helm.ts';
import { untilReady } from '../../landscape/charts/release.ts';
import { applyGardenContent } from '../../landscape/garden/content.ts';
import { examplePath } from '../../landscape/garden/manifests.ts';
import { secrets } from '../../landscape/gardenlet/resources.ts';
import { webhookConfigurations } from '../../src/webhooks/registration.ts';
import { asGardenerOperator, holderIn, installedWithHelm } from './charts/admission-ways.ts';
import { unusedRights } from './charts/permissions.ts';
import { rotateCertificates } from './charts/rotation.ts';
import { seldom } from './charts/seldom.ts';
import { name, namespace, type Side, startTwoClusters, type TwoClusters } from './charts/two-clusters.ts';

/** Admission where the garden is another cluster than that of its pods, with the rights of the charts in both. */

const values = { metalApiUrl: 'http://127.0.0.1:1/metal', metalApiHmac: 'first-key' };

let clusters: TwoClusters;
beforeAll(async () => {
  clusters = await startTwoClusters(join(inject('landscapeDir'), 'two-clusters'), inject('parts'));
}, 120_000);
afterAll(() => clusters?.[Symbol.asyncDispose]());

describe.each([installedWithHelm, asGardenerOperator])('$what', (way) => {
  beforeAll(async () => {
    await way.install(clusters);
    await untilReady(clusters.runtime.client, { namespace, name });
    await applyGardenContent(clusters.garden.client, values, AbortSignal.timeout(30_000));
  }, 60_000);
  afterAll(() => way.uninstall?.(clusters));

  test('is registered in the garden, and only there', async () => {
    const { garden, runtime } = clusters;
    for (const resource of Object.values(webhookConfigurations)) {
      const { metadata, webhooks = [] } = await garden.client.get(resource, { name });
      expect(metadata.ownerReferences?.map((reference) => reference.name)).toEqual(way.owner && [way.owner]);
      for (const { clientConfig } of webhooks)
        expect(clientConfig.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/webhooks\//);
      expect(webhooks).not.toEqual([]);
      expect(await runtime.client.find(resource, { name })).toBeUndefined();
    }
  });

  test('has its certificates and its Lease where its pods are', async () => {
    const labelSelector = `manager-identity=${name}-webhook`;
    const certificates = async ({ client }: Side) =>
      (await client.list(secrets, { labelSelector })).items.map(({ metadata }) => metadata.namespace);
    expect(await certificates(clusters.runtime)).toEqual([namespace, namespace]);
    expect(await certificates(clusters.garden)).toEqual([]);
    expect(await holderIn(clusters.runtime)).toBeTruthy();
    expect(await holderIn(clusters.garden)).toBeUndefined();
  });

  test('lets a good Shoot in, with defaults, and a bad one not', async () => {
    const create = ['create', '--dry-run=server', '--output=jsonpath={.spec.kubernetes.kubelet.maxPods}', '-f'];
    expect(await clusters.garden.kubectl([...create, examplePath('shoot.yaml')])).toMatchObject({
      code: 0,
      stdout: '250',
    });
    const { code, stderr } = await clusters.garden.kubectl([...create, examplePath('shoot-refused.yaml')]);
    expect(code).toBe(1);
    expect(stderr).toContain('spec.provider.infrastructureConfig.partitionID: Unsupported value: "muc-equ01"');
  });

  test('reads the credentials of a binding', async () => {
    const binding = {
      apiVersion: 'security.gardener.cloud/v1alpha1',
      kind: 'CredentialsBinding',
      metadata: { name: 'another', namespace: 'garden-local' },
      provider: { type: 'metal' },
      credentialsRef: { apiVersion: 'v1', kind: 'Secret', namespace: 'garden-local', name: 'metal-credentials' },
    };
    expect(await clusters.garden.kubectl(['create', '--dry-run=server', '-f', '-'], binding)).toMatchObject({
      code: 0,
    });
  });
});

test('rotates its certificates', async () => {
  const { garden, runtime } = clusters;
  const process = { client: runtime.client, calledFrom: garden.client, namespace, name };
  await rotateCertificates(process, async () => {
    const args = ['create', '--dry-run=server', '-f', examplePath('shoot.yaml')];
    expect(await garden.kubectl(args)).toMatchObject({ code: 0, stderr: '' });
  });
}, 60_000);

test('asks for nothing that it may not do', () => {
  const { garden, runtime } = clusters;
  expect([...garden.proxy.refusals, ...runtime.proxy.refusals]).toEqual([]);
  const asked = ({ proxy }: Side) => [...new Set(proxy.accesses.map(({ resource }) => resource))].sort();
  expect(asked(runtime)).toEqual(['leases', 'secrets']);
  expect(asked(garden)).not.toContain('leases');
});

test.each(['runtime', 'application'] as const)('has no right of the chart %s that it does not use', async (chart) => {
  const { helm, proxy } = chart === 'runtime' ? clusters.runtime : clusters.garden;
  const objects = await helm.template(charts[chart], {}, '--namespace', namespace);
  expect(unusedRights(objects, proxy.accesses).filter((right) => !(right in seldom.admission))).toEqual([]);
});
