import { brotliCompressSync } from 'node:zlib';
import type { V1PodSpec } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { type CustomResourceDefinition, installCrds } from '../../landscape/control-plane/crds.ts';
import { kubectl } from '../../landscape/up/kubectl.ts';
import { ApiError } from '../../src/kube/errors.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';
import { issueAuthority } from '../../src/pki/issue.ts';
import { durosStorage, isolation, modelWith } from '../../src/providers/metal/controlplane/fixtures.ts';
import type { ControlPlaneModel } from '../../src/providers/metal/controlplane/model.ts';
import { ensureSeedObjects } from '../../src/providers/metal/controlplane/seed-crds.ts';
import { shootObjects } from '../../src/providers/metal/controlplane/shoot/shoot.ts';
import { storageClassObjects } from '../../src/providers/metal/controlplane/storage-classes/storage-classes.ts';
import { loadManifests } from '../../src/providers/metal/manifests/load.ts';

interface Workload extends KubeObject {
  readonly spec: { readonly template: { readonly metadata: KubeObject['metadata']; readonly spec: V1PodSpec } };
}

const manifests = await loadManifests();
/** A real one: the API server looks into the bundle of a conversion webhook. */
const authority = await issueAuthority('ca', { from: Date.now(), until: Date.now() + 3_600_000 });
const data = { 'bundle.crt': Buffer.from(authority.cert).toString('base64') };
const bundles = new Map([...modelWith().bundles].map(([name, bundle]) => [name, { ...bundle, data }]));

const objectsOf = (changes: Partial<ControlPlaneModel> = {}): readonly KubeObject[] => {
  const model = modelWith({ manifests, bundles, ...changes });
  return [...shootObjects(model), ...storageClassObjects(model)];
};

const models: readonly (readonly [string, Partial<ControlPlaneModel>])[] = [
  ['an ordinary one', {}],
  ['one with Cilium and without csi-lvm', { loadBalancer: 'cilium', csiLvm: undefined }],
  ['an isolated one with storage', { networkAccess: 'forbidden', isolation, duros: durosStorage }],
  [
    'one with IPv6 and a named API server',
    { nodeCIDRs: ['2001:db8:1::/64', '10.0.0.0/22'], apiServerAddresses: ['lb.example.com'], duros: durosStorage },
  ],
  ['one that hibernates', { scaledDown: true, apiServerAddresses: [] }],
];

let shoot: ClosableKubeClient;
let seed: ClosableKubeClient;

beforeAll(() => {
  shoot = createKubeClient({ kubeconfig: inject('shootKubeconfig') });
  seed = createKubeClient({ kubeconfig: inject('kubeconfig') });
});
afterAll(() => Promise.all([shoot.close(), seed.close()]));

const isDefinition = (object: KubeObject): object is CustomResourceDefinition =>
  object.kind === 'CustomResourceDefinition';

async function apply(objects: readonly KubeObject[], ...flags: readonly string[]) {
  const options = { kubectl: inject('parts').kubectl, kubeconfig: inject('shootKubeconfig') };
  const command = ['apply', '--server-side', '--force-conflicts', '--field-manager=test', '--validate=strict'];
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const { code, stderr } = await kubectl(options, [...command, ...flags, '--filename=-'], list);
  return { code, stderr };
}

const accepted = { code: 0, stderr: '' };

describe('The API server of a shoot', () => {
  beforeAll(async () => {
    const all = objectsOf();
    await installCrds(shoot, all.filter(isDefinition).map(withoutConversion));
    expect(await apply(all.filter(({ kind }) => kind === 'Namespace'))).toEqual(accepted);
  });

  test.each(models)('accepts all objects of a control plane: %s', async (_, changes) => {
    expect(await apply(objectsOf(changes), '--dry-run=server')).toEqual(accepted);
  });

  test('refuses only the pods that need more than level restricted allows', async () => {
    const pods = defineResource<KubeObject & { spec: V1PodSpec }>({
      group: '',
      version: 'v1',
      kind: 'Pod',
      plural: 'pods',
      namespaced: true,
    });
    const namespace = 'shoot-objects-restricted';
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    const restricted = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } };
    expect(await apply([restricted])).toEqual(accepted);
    const refused: string[] = [];
    const workloads = objectsOf({ duros: durosStorage }).filter(
      ({ kind = '' }) => kind === 'Deployment' || kind === 'DaemonSet',
    ) as Workload[];
    for (const { metadata, spec } of workloads) {
      const pod = { metadata: { ...spec.template.metadata, namespace, name: metadata.name }, spec: spec.template.spec };
      await shoot.create(pods, pod, { dryRun: true }).catch((error: unknown) => {
        if (!(error instanceof ApiError) || error.code !== 403) throw error;
        refused.push(metadata.name);
      });
    }
    expect(workloads.map(({ metadata }) => metadata.name).sort()).toEqual([
      'controller',
      'csi-lvm-controller',
      'csi-lvm-reviver',
      'droptailer',
      'node-init',
      'speaker',
    ]);
    // One mounts disks, one sets routes of the host, one looks for its peers with raw packets.
    expect(refused.sort()).toEqual(['csi-lvm-reviver', 'node-init', 'speaker']);
  });
});

/** No conversion webhook runs here; what a definition with one looks like is tried without writing it. */
function withoutConversion(definition: CustomResourceDefinition): CustomResourceDefinition {
  const { conversion: _, ...spec } = definition.spec as CustomResourceDefinition['spec'] & { conversion?: object };
  return { ...definition, spec };
}

test('What goes into a shoot fits into the Secret of a ManagedResource', () => {
  const text = JSON.stringify(objectsOf({ duros: durosStorage }));
  expect(brotliCompressSync(text).length).toBeLessThan(100 * 1024);
});

describe('A seed', () => {
  const { signal } = new AbortController();

  test('gets what it must have, by replicas that start at once, and once', async () => {
    await Promise.all([1, 2, 3].map(() => ensureSeedObjects(seed, manifests, signal)));
    const apply = vi.spyOn(seed, 'apply');
    await ensureSeedObjects(seed, manifests, signal);
    expect(apply).not.toHaveBeenCalled();

    const definitions = defineResource({
      group: 'apiextensions.k8s.io',
      version: 'v1',
      kind: 'CustomResourceDefinition',
      plural: 'customresourcedefinitions',
      namespaced: false,
    });
    const key = { name: 'duros.storage.metal-stack.io' };
    const annotations = { 'controller-gen.kubebuilder.io/version': 'older' };
    const changed = await seed.mergePatch(definitions, key, { metadata: { annotations } });
    expect(changed.metadata.annotations).toEqual(annotations);
    await ensureSeedObjects(seed, manifests, signal);
    expect(apply).toHaveBeenCalledTimes(1);
    expect((await seed.get(definitions, key)).metadata.annotations).not.toEqual(annotations);
  });
});
