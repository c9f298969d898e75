import { firewallSets, firewalls } from '../../../src/apis/firewall/firewall.ts';
import { machineClasses, machineSets, machines } from '../../../src/apis/machine/machine.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import type { KubeObject } from '../../../src/kube/object.ts';
import type { Resource } from '../../../src/kube/resource.ts';
import { eventually } from '../../scene/eventually.ts';
import type { RecordingProxy } from './recording-proxy.ts';

const name = 'left-over';
const held: readonly Resource[] = [firewallSets, firewalls];
const finalizer = 'example.org/held';

/** A control plane in which a run was ended in the middle: objects without an owner, and a class as nobody wants it. */
export async function leaveOver(seed: KubeClient, namespace: string): Promise<void> {
  for (const resource of [machineSets, machines]) await leave(seed, resource, namespace, {});
  for (const resource of held) await leave(seed, resource, namespace, { finalizers: [finalizer] });
  const { items } = await seed.list(machineClasses, { namespace });
  for (const { metadata } of items) await seed.mergePatch(machineClasses, metadata, { nodeTemplate: null });
}

interface Like extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly providerID?: string };
  readonly status?: unknown;
}

/** Like one that is there, but of no replica or not made yet. */
async function leave(seed: KubeClient, resource: Resource<Like>, namespace: string, metadata: object): Promise<void> {
  const { items } = await seed.list(resource, { namespace });
  const { status: _, spec: { replicas, providerID: __, ...like } = {}, ...rest } = items[0] as Like;
  const spec = replicas === undefined ? like : { ...like, replicas: 0 };
  await seed.create(resource, { ...rest, metadata: { ...metadata, namespace, name }, spec });
}

/** Lets go of what is held, each when it is waited for. */
export async function release(seed: KubeClient, namespace: string, { accesses }: RecordingProxy): Promise<void> {
  for (const resource of held) {
    await eventually(() => {
      const isWaitedFor = accesses.some(
        (access) => access.verb === 'watch' && access.resource === resource.plural && access.namespace === namespace,
      );
      if (!isWaitedFor) throw new Error(`nobody waits for ${resource.plural}`);
    }, 60_000);
    await eventually(async () => {
      const { metadata } = await seed.get(resource, { namespace, name });
      const finalizers = metadata.finalizers?.filter((one) => one !== finalizer);
      const { resourceVersion } = metadata;
      await seed.mergePatch(resource, { namespace, name }, { metadata: { resourceVersion, finalizers } });
    });
  }
}
