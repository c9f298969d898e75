import { operationAnnotation, timestampAnnotation } from '../../landscape/gardenlet/readiness.ts';
import type { ExtensionObject } from '../../src/apis/extensions/extension.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import type { KubeObject, ObjectKey } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';

/** An extension object that was asked for an operation, and when. */
export interface Order {
  readonly namespace: string;
  readonly key: ObjectKey;
  readonly timestamp: string;
}

const request = () => {
  const timestamp = new Date().toISOString().replace('Z', '000000Z');
  return { timestamp, annotations: { [operationAnnotation]: 'reconcile', [timestampAnnotation]: timestamp } };
};

/** Creates the object as gardenlet does. */
export async function order<T extends ExtensionObject>(
  client: KubeClient,
  resource: Resource<T>,
  object: KubeObject,
): Promise<Order> {
  const { timestamp, annotations } = request();
  const { name, namespace = '' } = object.metadata;
  await client.create(resource, { ...object, metadata: { name, namespace, annotations } } as unknown as T);
  return { namespace, key: { namespace, name }, timestamp };
}

/** Asks for one more reconcile as gardenlet does. */
export async function orderAgain<T extends ExtensionObject>(
  client: KubeClient,
  resource: Resource<T>,
  { namespace, key }: Order,
): Promise<Order> {
  const { timestamp, annotations } = request();
  await client.mergePatch(resource, key, { metadata: { annotations } });
  return { namespace, key, timestamp };
}
