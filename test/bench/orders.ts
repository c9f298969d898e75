import { operationAnnotation, timestampAnnotation } from '../../landscape/gardenlet/readiness.ts';
import { toNano } from '../../landscape/gardenlet/time.ts';
import type { ExtensionObject } from '../../src/apis/extensions/extension.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import type { KubeObject, ObjectKey } from '../../src/kube/object.ts';
import type { Resource } from '../../src/kube/resource.ts';

/** An extension object that was asked for an operation, and when. */
export interface Order {
  readonly key: ObjectKey;
  readonly timestamp: string;
}

const request = () => {
  const timestamp = toNano(Date.now());
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
  return { key: { namespace, name }, timestamp };
}

/** Asks for one more reconcile as gardenlet does. */
export async function orderAgain<T extends ExtensionObject>(
  client: KubeClient,
  resource: Resource<T>,
  { key }: Order,
): Promise<Order> {
  const { timestamp, annotations } = request();
  await client.mergePatch(resource, key, { metadata: { annotations } });
  return { key, timestamp };
}
