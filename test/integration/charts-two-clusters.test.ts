import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { charts, type Rendered } from '../../landscape/charts/helm.ts';
import { untilReady } from '../../landscape/charts/release.ts';
import { applyGardenContent } from '../../landscape/garden/content.ts';
import { examplePath } from '../../landscape/garden/manifests.ts';
import { secrets } from '../../landscape/gardenlet/resources.ts';
import type { Deployment } from '../../landscape/pods/deployment.ts';
import { kubectl } from '../../landscape/up/kubectl.ts';
import { leases } from '../../src/kube/lease.ts';
import { webhookConfigurations } from '../../src/webhooks/registration.ts';
import { eventually } from '../scene/eventually.ts';
import { ensureNamespace } from './charts/objects.ts';
import { rotateCertificates } from './charts/rotation.ts';
import { namespace, type Side, startTwoClusters, type TwoClusters } from './charts/two-clusters.ts';

/** Admission where the garden is another cluster than that of its pods, with the rights of the charts in both. */

const name = 'gardener-extension-admission-metal';
const values = { metalApiUrl: 'http://127.0.0.1:1/metal', metalApiHmac: 'first-key' };
/** With gardener-operator: in the garden, owner of what admission registers. */
const owner = 'extension-provider-metal';

let clusters: TwoClusters;
beforeAll(async () => {
  clusters = await startTwoClusters(join(inject('landscapeDir'), 'two-clusters'), inject('parts'));
}, 120_000);
afterAll(() => clusters?.[Symbol.asyncDispose]());

const speak = (side: Side, args: readonly string[], input?: object) => {
  const { kubeconfig } = side;
  return kubectl({ kubectl: inject('parts').kubectl, kubeconfig }, args, input && JSON.stringify(input));
};

async function apply(side: Side, items: readonly object[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items };
  const { code, stderr } = await speak(side, ['apply', '--server-side', '--force-conflicts', '-f', '-'], list);
  if (code !== 0) throw new Error(stderr);
}

const holderIn = async ({ client }: Side) => (await client.find(leases, { namespace, name }))?.spec?.holderIdentity;

interface Way {
  readonly what: string;
  readonly owner: string | undefined;
  install(): Promise<void>;
  uninstall(): Promise<void>;
}

const vpa = { enabled: false };

/** As docs/operations/install.md says. */
const byHand: Way = {
  what: 'installed with helm',
  owner: undefined,
  async install() {
    const { garden, runtime } = clusters;
    await garden.helm.run('install', 'admission-metal', charts.application, '--namespace', namespace);
    const { kubeconfig } = await clusters.gardenAccess({ namespace, name });
    const set = await runtime.helm.values({ kubeconfig, vpa });
    await runtime.helm.run('install', 'admission-metal', charts.runtime, '--namespace', namespace, ...set);
  },
  async uninstall() {
    const { garden, runtime } = clusters;
    // First the pods: helm takes their rights at the same time, and then they cannot give the Lease back.
    await speak(runtime, ['scale', '--replicas=0', '--namespace', namespace, `deployment/${name}`]);
    await eventually(async () => expect(await holderIn(runtime)).toBeFalsy());
    await runtime.helm.run('uninstall', 'admission-metal', '--namespace', namespace);
    await garden.helm.run('uninstall', 'admission-metal', '--namespace', namespace);
    const kinds = 'validatingwebhookconfiguration,mutatingwebhookconfiguration';
    await speak(garden, ['delete', kinds, name]);
  },
};

/** gardener-contract 4.9. */
const withOperator: Way = {
  what: 'as gardener-operator does it',
  owner,
  async install() {
    const { garden, runtime } = clusters;
    const serviceAccount = { name: 'extension-admission-provider-metal', namespace: 'kube-system' };
    const virtualCluster = { enabled: true, serviceAccount };
    await ensureNamespace(garden.client, owner);
    const application = { gardener: { virtualCluster } };
    await apply(garden, [
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: serviceAccount },
      ...(await garden.helm.template(charts.application, application, '--namespace', owner)),
    ]);
    const access = await clusters.gardenAccess(serviceAccount);
    const gardener = {
      runtimeCluster: { priorityClassName: 'gardener-garden-system-400' },
      virtualCluster: { enabled: true, namespace: owner },
    };
    const objects = await runtime.helm.template(charts.runtime, { gardener, vpa }, '--namespace', namespace);
    const secret = (secretName: string, stringData: object) => ({
      ...{ apiVersion: 'v1', kind: 'Secret', stringData },
      metadata: { name: secretName, namespace },
    });
    await apply(runtime, [
      secret(accessSecret, { token: access.token }),
      secret(genericSecret, { kubeconfig: access.withTokenFile(`${mountPath}/token`) }),
      ...objects.map(withGardenKubeconfig),
    ]);
  },
  uninstall: async () => {},
};

const mountPath = '/var/run/secrets/gardener.cloud/shoot/generic-kubeconfig';
const accessSecret = 'shoot-access-extension-admission-provider-metal';
const genericSecret = 'generic-token-kubeconfig';

function withGardenKubeconfig(object: Rendered): Rendered {
  if (object.kind !== 'Deployment') return object;
  const { spec, ...rest } = structuredClone(object as unknown as Deployment & Rendered);
  const pod = spec.template.spec;
  const file = (secret: string, key: string) => ({ secret: { name: secret, items: [{ key, path: key }] } });
  const volume = {
    name: 'kubeconfig',
    projected: { defaultMode: 420, sources: [file(genericSecret, 'kubeconfig'), file(accessSecret, 'token')] },
  };
  const containers = pod.containers.map((container) => ({
    ...container,
    env: [...(container.env ?? []), { name: 'GARDEN_KUBECONFIG', value: `${mountPath}/kubeconfig` }],
    volumeMounts: [...(container.volumeMounts ?? []), { name: volume.name, mountPath, readOnly: true }],
  }));
  const template = { ...spec.template, spec: { ...pod, containers, volumes: [...(pod.volumes ?? []), volume] } };
  return { ...rest, spec: { ...spec, template } } as Rendered;
}

describe.each([byHand, withOperator])('$what', (way) => {
  beforeAll(async () => {
    await way.install();
    await untilReady(clusters.runtime.client, { namespace, name });
    await applyGardenContent(clusters.garden.client, values, AbortSignal.timeout(30_000));
  }, 60_000);
  afterAll(() => way.uninstall());

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
    expect(await speak(clusters.garden, [...create, examplePath('shoot.yaml')])).toMatchObject({
      code: 0,
      stdout: '250',
    });
    const { code, stderr } = await speak(clusters.garden, [...create, examplePath('shoot-refused.yaml')]);
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
    expect(await speak(clusters.garden, ['create', '--dry-run=server', '-f', '-'], binding)).toMatchObject({ code: 0 });
  });
});

test('rotates its certificates', async () => {
  const { garden, runtime } = clusters;
  const process = { client: runtime.client, calledFrom: garden.client, namespace, name };
  await rotateCertificates(process, async () => {
    const args = ['create', '--dry-run=server', '-f', examplePath('shoot.yaml')];
    expect(await speak(garden, args)).toMatchObject({ code: 0, stderr: '' });
  });
}, 60_000);

test('asks for nothing that it may not do', () => {
  const { garden, runtime } = clusters;
  expect([...garden.proxy.refusals, ...runtime.proxy.refusals]).toEqual([]);
  const asked = ({ proxy }: Side) => [...new Set(proxy.accesses.map(({ resource }) => resource))].sort();
  expect(asked(runtime)).toEqual(['leases', 'secrets']);
  expect(asked(garden)).not.toContain('leases');
});
