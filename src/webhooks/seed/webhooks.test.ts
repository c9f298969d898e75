import { describe, expect, test } from 'vitest';
import { clusters, infrastructures } from '../../apis/extensions/resources.ts';
import type { KubeClient } from '../../kube/client.ts';
import { createFakeClock } from '../../kube/fake-clock.ts';
import type { Mutation, SeedMutations } from '../../providers/admission.ts';
import { OperationError } from '../../providers/errors.ts';
import type { ReviewRequest } from '../webhook.ts';
import { seedWebhookNames } from './names.ts';
import { createSeedWebhooks } from './webhooks.ts';

const namespace = 'shoot--p--s';
const signal = new AbortController().signal;
const stored: Record<string, object | undefined> = {
  [`clusters/${namespace}`]: {
    metadata: { name: namespace },
    spec: { shoot: { metadata: { name: 's' }, spec: {} } },
  },
  'infrastructures/s': { metadata: { name: 's' }, status: { nodesCIDR: '10.0.0.0/8' } },
  'secrets/cloudprovider': { data: { metalAPIHMac: 'eA==' } },
};

interface Scene {
  readonly mutations?: Partial<SeedMutations>;
  readonly objects?: typeof stored;
}

function scene({ mutations = {}, objects = stored }: Scene = {}) {
  const asked: string[] = [];
  const client = {
    async find(resource: { plural: string }, key: { name: string }) {
      asked.push(`${resource.plural}/${key.name}`);
      return objects[`${resource.plural}/${key.name}`];
    },
  } as unknown as KubeClient;
  const webhooks = createSeedWebhooks({
    client,
    rules: {
      validateExtension: ({ kind, cluster }) => ({
        errors: [{ type: 'Invalid', field: 'spec', value: kind, detail: String(cluster?.metadata.name) }],
        warnings: [],
      }),
    },
    mutations: { controlPlane: [], seedProvider: [], shoot: [], extensions: [], ...mutations },
    type: 'metal',
    clock: createFakeClock(),
  });
  const review = (name: string, request: Partial<ReviewRequest>) => {
    const webhook = webhooks.find((one) => one.name === name);
    if (!webhook) throw new Error(name);
    return webhook.review(asRequest(request), signal);
  };
  return { webhooks, review, asked };
}

function asRequest(request: Partial<ReviewRequest>): ReviewRequest {
  return {
    uid: 'u',
    operation: 'CREATE',
    kind: { group: 'apps', version: 'v1', kind: 'Deployment' },
    resource: { group: 'apps', version: 'v1', resource: 'deployments' },
    subresource: undefined,
    namespace,
    name: 'd',
    object: { metadata: { name: 'd' } },
    oldObject: undefined,
    dryRun: false,
    userInfo: { username: 'u', groups: [] },
    remoteAddress: undefined,
    ...request,
  };
}

const label: Mutation = {
  kind: 'Deployment',
  names: ['d'],
  apply: (object) => ({ ...object, metadata: { ...object.metadata, labels: { seen: 'yes' } } }),
};

describe('mutating', () => {
  test.each([
    ['another name', { name: 'other' }],
    ['another kind', { kind: { group: 'apps', version: 'v1', kind: 'StatefulSet' } }],
    ['no operation of ours', { operation: 'DELETE' as const, object: null }],
    ['a subresource', { subresource: 'scale' }],
    ['what is being deleted', { object: { metadata: { name: 'd', deletionTimestamp: '2026-01-01T00:00:00Z' } } }],
    ['what is as it should be', { object: { metadata: { name: 'd', labels: { seen: 'yes' } } } }],
  ])('%s passes unchanged', async (_, request) => {
    const { review } = scene({ mutations: { controlPlane: [label] } });
    expect(await review('controlplane', request)).toEqual({ allowed: true });
  });

  test('mutations follow each other', async () => {
    const annotate: Mutation = {
      kind: 'Deployment',
      apply: (object) => ({ ...object, metadata: { ...object.metadata, annotations: object.metadata.labels ?? {} } }),
    };
    const { review, asked } = scene({ mutations: { controlPlane: [label, annotate] } });
    expect(await review('controlplane', {})).toEqual({
      allowed: true,
      object: { metadata: { name: 'd', labels: { seen: 'yes' }, annotations: { seen: 'yes' } } },
    });
    expect(asked).toEqual([]);
  });

  test('what they need is read, once, and nothing of it for other objects', async () => {
    const facts: unknown[] = [];
    const needy = (needs: Mutation['needs']): Mutation => ({
      ...label,
      ...(needs && { needs }),
      apply: (object, known) => {
        facts.push(known);
        return object;
      },
    });
    const { review, asked } = scene({
      mutations: { controlPlane: [needy(['cluster', 'infrastructure']), needy(['credentials', 'cluster'])] },
    });
    await review('controlplane', { name: 'other' });
    expect(asked).toEqual([]);
    await review('controlplane', {});
    expect(asked.sort()).toEqual([`clusters/${namespace}`, 'infrastructures/s', 'secrets/cloudprovider']);
    expect(facts[0]).toMatchObject({
      namespace,
      cluster: { metadata: { name: namespace } },
      infrastructure: { status: { nodesCIDR: '10.0.0.0/8' } },
      credentials: { metalAPIHMac: 'eA==' },
    });
    expect([clusters.plural, infrastructures.plural]).toEqual(['clusters', 'infrastructures']);
  });

  test('what is not there yet is undefined; a Cluster that cannot be read is an error', async () => {
    const needy: Mutation = { ...label, needs: ['cluster', 'infrastructure', 'credentials'] };
    const nothing = scene({ mutations: { controlPlane: [needy] }, objects: {} });
    expect(await nothing.review('controlplane', {})).toMatchObject({ allowed: true });
    const broken = scene({ mutations: { controlPlane: [needy] }, objects: { [`clusters/${namespace}`]: { spec: 5 } } });
    await expect(broken.review('controlplane', {})).rejects.toThrow(`Cluster ${namespace} cannot be read`);
  });

  test('a shoot asks for nothing of the seed', async () => {
    const { review, asked } = scene({ mutations: { shoot: [{ ...label, needs: ['cluster'] }] } });
    expect(await review('shoot', {})).toMatchObject({ allowed: true, object: {} });
    expect(asked).toEqual([]);
  });

  test('a problem of configuration is told, another one is not ours to word', async () => {
    const failing = (error: Error): Scene => ({
      mutations: {
        controlPlane: [
          {
            ...label,
            apply: () => {
              throw error;
            },
          },
        ],
      },
    });
    const told = scene(failing(new OperationError('no partition')));
    expect(await told.review('controlplane', {})).toEqual({ allowed: false, code: 422, message: 'no partition' });
    const thrown = scene(failing(new TypeError('oops')));
    await expect(thrown.review('controlplane', {})).rejects.toThrow('oops');
  });

  test.each([null, 5, 'x', [], {}, { metadata: 7 }, { metadata: { name: {} } }])('%j is refused', async (object) => {
    const { review } = scene({ mutations: { controlPlane: [label] } });
    expect(await review('controlplane', { object })).toMatchObject({ allowed: false, code: 400 });
  });
});

describe('extension objects', () => {
  const kind = { group: 'extensions.gardener.cloud', version: 'v1alpha1', kind: 'Infrastructure' };
  const object = (type: string, more: object = {}) => ({ metadata: { name: 's' }, spec: { type, ...more } });

  test('are judged with their Cluster', async () => {
    const { review } = scene();
    expect(await review('extensions.validator', { kind, object: object('metal') })).toMatchObject({
      allowed: false,
      code: 422,
      message: expect.stringContaining(namespace),
    });
  });

  test.each([
    ['of another type', { object: object('aws') }],
    ['with an unchanged spec', { operation: 'UPDATE' as const, object: object('metal'), oldObject: object('metal') }],
    ['on their way out', { object: { ...object('metal'), metadata: { name: 's', deletionTimestamp: 'x' } } }],
  ])('%s pass', async (_, request) => {
    const defaults: Mutation = { ...label, kind: 'Infrastructure', names: ['s'] };
    const { review } = scene({ mutations: { extensions: [defaults] } });
    expect(await review('extensions.validator', { kind, name: 's', ...request })).toEqual({ allowed: true });
  });

  test('get defaults if they are of the type', async () => {
    const defaults: Mutation = { ...label, kind: 'Infrastructure', names: ['s'] };
    const { review } = scene({ mutations: { extensions: [defaults] } });
    const ours = await review('extensions', { kind, name: 's', object: object('metal') });
    expect(ours).toMatchObject({ object: { metadata: { labels: { seen: 'yes' } } } });
    const other = await review('extensions', { kind, name: 's', object: object('aws') });
    expect(other).toEqual({ allowed: true });
  });
});

test('each webhook is sent what it looks at, and no more', () => {
  const kinds = ['Deployment', 'ConfigMap', 'StatefulSet', 'Deployment', 'OperatingSystemConfig'] as const;
  const { webhooks } = scene({ mutations: { controlPlane: kinds.map((kind) => ({ ...label, kind })) } });
  expect(webhooks.map(({ name }) => name)).toEqual(seedWebhookNames);
  expect(webhooks[0]).toMatchObject({
    path: '/controlplane',
    target: 'seed',
    type: 'mutating',
    namespaceSelector: {
      matchExpressions: [{ key: 'shoot.gardener.cloud/provider', operator: 'In', values: ['metal'] }],
    },
    rules: [
      { apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments', 'statefulsets'] },
      { apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] },
      {
        apiGroups: ['extensions.gardener.cloud'],
        apiVersions: ['v1alpha1'],
        resources: ['operatingsystemconfigs'],
      },
    ],
  });
});
