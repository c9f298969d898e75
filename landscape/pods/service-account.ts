import { readFile, writeFile } from 'node:fs/promises';
import { dump, load } from 'js-yaml';
import type { KubeClient, Subresource } from '../../src/kube/client.ts';
import type { KubeObject, ObjectKey } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';

/** `serviceaccounts/token` takes and answers a TokenRequest. */
const serviceAccounts = defineResource<KubeObject & { spec: object; status?: { token: string } }>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  namespaced: true,
});

/** Longer than a landscape runs, so that nobody has to renew it. */
const expirationSeconds = 365 * 86_400;

interface Kubeconfig {
  readonly contexts: readonly { readonly context: object }[];
  readonly users: readonly object[];
}

/**
 * Writes a kubeconfig like that one, but with a token of the ServiceAccount: what a pod has as its in-cluster
 * configuration, with no more rights.
 * @throws ApiError 404 when there is no such ServiceAccount
 */
export async function writeServiceAccountKubeconfig(
  client: KubeClient,
  account: ObjectKey & { readonly namespace: string },
  { like, path, signal }: { readonly like: string; readonly path: string; readonly signal: AbortSignal },
): Promise<void> {
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { ...account },
    spec: { expirationSeconds },
  };
  const subresource = 'token' as Subresource;
  const { status } = await client.create(serviceAccounts, request, { subresource, signal });
  const config = load(await readFile(like, 'utf8')) as Kubeconfig;
  const { namespace } = account;
  const own = {
    ...config,
    contexts: config.contexts.map((entry) => ({ ...entry, context: { ...entry.context, namespace } })),
    users: config.users.map((entry) => ({ ...entry, user: { token: status?.token } })),
  };
  await writeFile(path, dump(own), { mode: 0o600 });
}
