import type { Infrastructure } from '../../src/apis/extensions/infrastructure.ts';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { isConflict, isNotFound } from '../../src/kube/errors.ts';
import type { ObjectKey } from '../../src/kube/object.ts';

/** What of an Infrastructure somebody else writes. */
export type Part = 'label' | 'annotation' | 'spec' | 'egressCIDRs' | 'conditions' | 'state' | 'finalizer';

/** Somebody who writes parts of one Infrastructure in turn, without a pause. */
export interface Writer {
  /** Ends after the write that runs; resolves to what the server has taken last of each part, as partsOf shows it. */
  stop(): Promise<ReadonlyMap<Part, unknown>>;
}

/** Somebody else's, and there to stay. */
export const foreignFinalizer = 'test.espalier/foreign';
const passingFinalizer = 'test.espalier/passing';
const foreignKey = 'test.espalier/value';

/** Tries the next value after a conflict. Ends by itself when the object is gone. */
export function startWriter(client: KubeClient, key: ObjectKey, parts: readonly Part[]): Writer {
  const last = new Map<Part, unknown>();
  let stopped = false;
  const attempt = async (part: Part, value: number) => {
    try {
      last.set(part, partsOf(await write(client, key, part, value))[part]);
    } catch (error) {
      if (isNotFound(error)) stopped = true;
      else if (!isConflict(error)) throw error;
    }
  };
  const running = (async () => {
    for (let value = 0; !stopped; value++) {
      for (const part of parts) if (!stopped) await attempt(part, value);
    }
  })();
  running.catch(() => undefined);
  return {
    async stop() {
      stopped = true;
      await running;
      return last;
    },
  };
}

export function partsOf({ metadata, spec, status }: Infrastructure): Record<Part, unknown> {
  return {
    label: metadata.labels?.[foreignKey],
    annotation: metadata.annotations?.[foreignKey],
    spec: spec.sshPublicKey,
    egressCIDRs: status?.egressCIDRs,
    conditions: (status as { conditions?: unknown } | undefined)?.conditions,
    state: status?.state,
    finalizer: metadata.finalizers?.includes(passingFinalizer) ?? false,
  };
}

async function write(client: KubeClient, key: ObjectKey, part: Part, value: number): Promise<Infrastructure> {
  const status = (change: object) =>
    client.mergePatch(infrastructures, key, { status: change }, { subresource: 'status' });
  const patch = (change: object) => client.mergePatch(infrastructures, key, change);
  switch (part) {
    case 'label':
      return patch({ metadata: { labels: { [foreignKey]: `${value}` } } });
    case 'annotation':
      return patch({ metadata: { annotations: { [foreignKey]: `${value}` } } });
    case 'spec':
      return patch({ spec: { sshPublicKey: Buffer.from(`${value}`).toString('base64') } });
    case 'egressCIDRs':
      return status({ egressCIDRs: [`203.0.113.${value % 256}/32`] });
    case 'conditions':
      return status({ conditions: [condition(value)] });
    case 'state':
      return status({ state: { value } });
    case 'finalizer':
      return toggleFinalizer(client, key);
  }
}

function condition(value: number): object {
  const time = '2026-01-02T03:04:05Z';
  const times = { lastTransitionTime: time, lastUpdateTime: time };
  return { type: 'Foreign', status: 'True', reason: 'Test', message: `${value}`, ...times };
}

/** As everybody must who changes the list: on the version that was read. */
async function toggleFinalizer(client: KubeClient, key: ObjectKey): Promise<Infrastructure> {
  const { metadata } = await client.get(infrastructures, key);
  const { resourceVersion, finalizers = [] } = metadata;
  const others = finalizers.filter((name) => name !== passingFinalizer);
  const toggled = others.length < finalizers.length ? others : [...others, passingFinalizer];
  return client.mergePatch(infrastructures, key, { metadata: { resourceVersion, finalizers: toggled } });
}
