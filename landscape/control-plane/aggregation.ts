import type { KubeClient } from '../../src/kube/client.ts';
import { namespaces } from '../../src/kube/namespace.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';
import type { Access } from '../pki/kubeconfig.ts';
import { poll } from '../processes/poll.ts';
import { ensureObject } from './ensure-object.ts';
import { createProbe } from './probe.ts';
import { services } from './service.ts';

const NAMESPACE = 'garden';

const apiServices = defineResource<KubeObject & { spec: object }>({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  namespaced: false,
});

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

interface GroupList {
  readonly groups: readonly { readonly name: string; readonly versions: readonly { readonly version: string }[] }[];
}

/**
 * The group versions that a server serves, in its own order of preference. Refused for a moment at first: it asks the API
 * server for authorization, whose default roles are still being written.
 */
async function servedBy(access: Access, name: string, signal?: AbortSignal): Promise<GroupVersion[]> {
  const probe = createProbe(access, name);
  const attempt = async (limit: AbortSignal): Promise<GroupList> => {
    const { status, body } = await probe.get('/apis', { signal: limit });
    if (status !== 200) throw new Error(`${access.server}/apis answers ${status}`);
    return body as GroupList;
  };
  try {
    const { groups } = await poll(attempt, { what: `discovery of ${name}`, timeoutMs: 30_000, signal });
    return groups.flatMap(({ name, versions }) => versions.map(({ version }) => ({ group: name, version })));
  } finally {
    await probe.close();
  }
}

export interface AggregationOptions {
  /** Client of the API server that is to pass the groups on. */
  readonly client: KubeClient;
  /** Name of the Service; the server's certificate is for `<service>.garden.svc`. */
  readonly service: string;
  /** The server behind it, which listens on this machine. */
  readonly access: Access;
  readonly signal?: AbortSignal | undefined;
}

/**
 * An APIService for each group version that the server behind serves, to a Service without pods whose name resolves to
 * this machine.
 * @returns what was registered, as `group/version`
 */
export async function aggregate({ client, service, access, signal }: AggregationOptions): Promise<string[]> {
  await ensureObject(client, namespaces, { metadata: { name: NAMESPACE } }, signal);
  const metadata = { name: service, namespace: NAMESPACE };
  await ensureObject(client, services, { metadata, spec: { type: 'ExternalName', externalName: 'localhost' } }, signal);
  const served = await servedBy(access, service, signal);
  const common = {
    caBundle: Buffer.from(access.ca).toString('base64'),
    service: { ...metadata, port: Number(new URL(access.server).port) },
    groupPriorityMinimum: 10_000,
  };
  await Promise.all(
    served.map(({ group, version }, index) => {
      const spec = { ...common, group, version, versionPriority: 100 - index };
      return ensureObject(client, apiServices, { metadata: { name: `${version}.${group}` }, spec }, signal);
    }),
  );
  return served.map(({ group, version }) => `${group}/${version}`);
}
