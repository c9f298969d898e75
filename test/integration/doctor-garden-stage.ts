import { type CustomResourceDefinition, installCrds } from '../../landscape/control-plane/crds.ts';
import { FIREWALL_SIZE, PARTITION, WORKER_SIZE } from '../../landscape/metal-api/fixture.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { namespaces } from '../../src/kube/namespace.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource, type Resource } from '../../src/kube/resource.ts';
import { secrets } from '../../src/kube/secret.ts';
import { issueAuthority, issueServer } from '../../src/pki/issue.ts';
import { cloudProfiles } from '../../src/webhooks/garden/resources.ts';
import { webhookConfigurations } from '../../src/webhooks/registration.ts';

const core = { group: 'core.gardener.cloud', version: 'v1beta1', namespaced: true };
type Loose = KubeObject & Record<string, unknown>;

export const shoots = defineResource<Loose>({ ...core, kind: 'Shoot', plural: 'shoots' });
export const shootStates = defineResource<Loose>({ ...core, kind: 'ShootState', plural: 'shootstates' });
export const secretBindings = defineResource<Loose>({ ...core, kind: 'SecretBinding', plural: 'secretbindings' });
export const services = defineResource<Loose>({
  ...{ group: '', version: 'v1', kind: 'Service', plural: 'services', namespaced: true },
});
export const endpointSlices = defineResource<Loose>({
  ...{ group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice', plural: 'endpointslices', namespaced: true },
});

/** A garden is here what has these kinds; what Gardener would refuse is not refused. */
export async function installGarden(client: KubeClient): Promise<void> {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const definitionOf = ({ group, version, kind, plural, namespaced }: Resource) => ({
    metadata: {
      name: `${plural}.${group}`,
      annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/kubernetes/pull/0' },
    },
    spec: {
      ...{ group, scope: namespaced ? 'Namespaced' : 'Cluster', names: { kind, plural } },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  });
  const kinds: readonly Resource[] = [shoots, shootStates, secretBindings, cloudProfiles];
  await installCrds(client, kinds.map(definitionOf) as CustomResourceDefinition[]);
}

export const admission = { namespace: 'extension-admission-metal', name: 'gardener-extension-admission-metal' };
export const slice = { namespace: admission.namespace, name: 'admission' };
export const profile = { name: 'metal' };
export const credentials = { namespace: 'garden-test', name: 'metal' };
export const version = '1.33.2';

/** What Gardener and the admission leave there: a CloudProfile, credentials, and webhooks that are answered. */
export async function createGarden(client: KubeClient, endpoint: string): Promise<void> {
  for (const name of [admission.namespace, credentials.namespace])
    await client.apply(namespaces, { metadata: { name } }, { fieldManager: 'test' });
  await client.create(secrets, { metadata: credentials, data: { metalAPIHMac: btoa('metal-admin') } });
  await client.create(secretBindings, {
    metadata: credentials,
    ...{ provider: { type: 'metal' }, secretRef: credentials },
  });
  const plane = {
    ...{ endpoint, firewallImages: ['firewall-ubuntu-3.0'] },
    partitions: { [PARTITION]: { firewallTypes: [FIREWALL_SIZE] } },
  };
  const spec = {
    type: 'metal',
    kubernetes: { versions: [{ version }] },
    machineImages: [{ name: 'ubuntu', versions: [{ version: '24.4' }] }],
    machineTypes: [{ name: WORKER_SIZE }],
    providerConfig: { metalControlPlanes: { local: plane } },
  };
  await client.create(cloudProfiles, { metadata: profile, spec });
  await createAdmission(client);
}

/** A key pair of the admission, labelled as it labels it. */
export async function issueAdmission() {
  const validity = { from: Date.now() - 3600_000, until: Date.now() + 29 * 86_400_000 };
  const authority = await issueAuthority('ca-admission-metal-webhook', validity);
  const hosts = [`${admission.name}.${admission.namespace}.svc`];
  return { authority, server: await issueServer(authority, { commonName: 'admission-metal', hosts }, validity) };
}

export const webhooksOf = (bundle: string, failurePolicy = 'Fail') => [
  {
    ...{ name: 'validator.admission-metal.extensions.gardener.cloud', failurePolicy, sideEffects: 'None' },
    admissionReviewVersions: ['v1'],
    clientConfig: { service: { ...admission, path: '/', port: 443 }, caBundle: btoa(bundle) },
  },
];

async function createAdmission(client: KubeClient): Promise<void> {
  const { authority, server } = await issueAdmission();
  const labels = {
    ...{ name: 'admission-metal-webhook-server', 'managed-by': 'secrets-manager' },
    'manager-identity': 'gardener-extension-admission-metal-webhook',
  };
  await client.create(secrets, {
    metadata: { namespace: admission.namespace, name: 'admission-metal-webhook-server-1', labels },
    data: { 'tls.crt': btoa(server.cert), 'tls.key': btoa(server.key) },
  });
  await client.create(services, {
    metadata: admission,
    spec: { selector: { app: 'admission' }, ports: [{ port: 443 }] },
  });
  await client.create(endpointSlices, {
    metadata: { ...slice, labels: { 'kubernetes.io/service-name': admission.name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true } }],
  });
  const webhooks = webhooksOf(authority.cert);
  for (const resource of Object.values(webhookConfigurations))
    await client.create(resource, { metadata: { name: admission.name }, webhooks } as KubeObject);
}
