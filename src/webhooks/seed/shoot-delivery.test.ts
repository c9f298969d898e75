import { describe, expect, test } from 'vitest';
import type { KubeClient } from '../../kube/client.ts';
import { ApiError } from '../../kube/errors.ts';
import { createFakeLog } from '../../kube/fake-log.ts';
import { contentOf, withReference } from '../../managed-resources/content.ts';
import { specOf } from '../../managed-resources/desired.ts';
import { shootWebhooks } from '../../managed-resources/shoot-webhooks.ts';
import { createShootDelivery } from './shoot-delivery.ts';

const signal = new AbortController().signal;
const name = 'extension-controlplane-shoot-webhooks';

function scene(resources: Record<string, object>, failureOf = (_: string): Error | undefined => undefined) {
  const written: { what: string; namespace: string | undefined; body: unknown }[] = [];
  const client = {
    list: async (_: unknown, { labelSelector }: { labelSelector: string }) => {
      expect(labelSelector).toBe('gardener.cloud/role=shoot,shoot.gardener.cloud/provider=metal');
      const leaving = { metadata: { name: 'leaving' }, status: { phase: 'Terminating' } };
      const items = Object.keys(resources).map((namespace) => ({ metadata: { name: namespace } }));
      return { resourceVersion: '1', items: [...items, leaving] };
    },
    find: async (_: unknown, key: { namespace: string }) => resources[key.namespace],
    create: async (_: unknown, body: { metadata: { namespace: string } }) => {
      written.push({ what: 'secret', namespace: body.metadata.namespace, body });
    },
    mergePatch: async (_: unknown, key: { namespace: string }, body: { spec?: object }) => {
      const failure = failureOf(key.namespace);
      if (failure) throw failure;
      written.push({ what: 'patch', namespace: key.namespace, body });
      return { metadata: { name }, ...body };
    },
  } as unknown as KubeClient;
  const delivery = createShootDelivery({
    client,
    type: 'metal',
    configure: (bundle) => ({ metadata: { name: `c-${bundle}` }, webhooks: [] }),
    log: createFakeLog(),
  });
  return { delivery, written };
}

const resource = (secret: string, metadata: object = {}) => ({
  metadata: { name, annotations: { 'reference.resources.gardener.cloud/secret-1': secret, own: 'x' }, ...metadata },
  spec: { secretRefs: [{ name: secret }] },
});

describe('delivery to shoots', () => {
  test('updates what is there, and creates nothing else', async () => {
    const { delivery, written } = scene({
      a: resource('old'),
      moving: { ...resource('old'), spec: { keepObjects: true } },
      deleted: resource('old', { deletionTimestamp: 'x' }),
    });
    const first = delivery.configuration(signal);
    await delivery.publish('one', signal);
    expect((await first)?.metadata.name).toBe('c-one');
    const secretName = expect.stringMatching(/^extension-controlplane-shoot-webhooks-[0-9a-f]{8}$/);
    expect(written).toMatchObject([
      {
        what: 'secret',
        namespace: 'a',
        body: { immutable: true, metadata: { name: secretName }, data: expect.anything() },
      },
      {
        what: 'patch',
        namespace: 'a',
        body: {
          metadata: { annotations: { 'reference.resources.gardener.cloud/secret-1': null } },
          spec: { secretRefs: [{ name: secretName }] },
        },
      },
    ]);
  });

  test('writes nothing when nothing changed', async () => {
    const configuration = { metadata: { name: 'c-one' }, webhooks: [] };
    const secret = contentOf(name, [configuration]).secretName;
    const { delivery, written } = scene({
      a: {
        metadata: { name, generation: 1, annotations: withReference({ own: 'x' }, secret) },
        spec: specOf(shootWebhooks(configuration), secret),
        status: { observedGeneration: 1, conditions: [{ type: 'ResourcesApplied', status: 'True' }] },
      },
    });
    await delivery.publish('one', signal);
    expect(written).toEqual([]);
    await delivery.publish('two', signal);
    expect(written).toHaveLength(2);
  });

  test('who asks before anything is published waits until it is, or until he is stopped', async () => {
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(scene({}).delivery.configuration(stopped)).rejects.toThrow('stopped');
  });

  test('a ManagedResource that goes away meanwhile is no failure, another trouble is', async () => {
    const gone = new ApiError(404, { reason: 'NotFound', message: 'gone' });
    await scene({ a: resource('old') }, () => gone).delivery.publish('one', signal);
    const trouble = scene({ a: resource('old') }, () => new Error('trouble'));
    await expect(trouble.delivery.publish('one', signal)).rejects.toThrow('trouble');
  });

  test('those that fail, however many, do not keep the others from being told', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `shoot-${index}`);
    const broken = names.slice(5, 15);
    const { delivery, written } = scene(
      Object.fromEntries(names.map((each) => [each, resource('old')])),
      (namespace) => (broken.includes(namespace) ? new Error('trouble') : undefined),
    );
    await expect(delivery.publish('one', signal)).rejects.toThrow('trouble');
    const told = written.flatMap(({ what, namespace }) => (what === 'patch' ? (namespace ?? '') : []));
    expect(told.sort()).toEqual(names.filter((each) => !broken.includes(each)).sort());
  });
});
