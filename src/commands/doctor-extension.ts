import { secretsIdentity } from '../controllers/controlplane/options.ts';
import { selectorOf } from '../controllers/secrets/labels.ts';
import { type CertificateFact, certificateOf } from '../doctor/certificates.ts';
import type { WebhookTarget } from '../doctor/seed.ts';
import { all } from '../kube/all.ts';
import { type Lease, leases } from '../kube/lease.ts';
import { type KubeObject, parseKey } from '../kube/object.ts';
import { defineResource } from '../kube/resource.ts';
import { secrets } from '../kube/secret.ts';
import { certificateNames } from '../webhooks/certificates/names.ts';
import { configurationName, type WebhookConfiguration, webhookConfigurations } from '../webhooks/registration.ts';
import { list, type SeedReader } from './doctor-lists.ts';

interface Service extends KubeObject {
  spec?: { selector?: Record<string, string> };
}

export const services = defineResource<Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  namespaced: true,
});

export async function readCertificates(reader: SeedReader): Promise<readonly CertificateFact[]> {
  const identities = [secretsIdentity(reader.provider), certificateNames(reader.provider).identity];
  const lists = await all(identities.map((identity) => list(reader, secrets, { labelSelector: selectorOf(identity) })));
  return lists.flat().flatMap((secret) => certificateOf(secret) ?? []);
}

export async function readLeases(reader: SeedReader): Promise<readonly Lease[]> {
  const byName = (name: string) => list(reader, leases, { fieldSelector: `metadata.name=${name}` });
  const [beats, leaders] = await all([
    byName('gardener-extension-heartbeat'),
    byName(`${reader.provider}-leader-election`),
  ]);
  return [...beats.filter(({ spec }) => spec?.holderIdentity === reader.provider), ...leaders];
}

export async function readWebhookTargets(reader: SeedReader): Promise<readonly WebhookTarget[]> {
  return targetsOf(await readConfigurations(reader, configurationName(reader.provider, 'seed')), reader);
}

type Caller = Pick<SeedReader, 'kube' | 'signal'>;

/** Those of a name that exist, mutating and validating. */
export async function readConfigurations(
  { kube, signal }: Caller,
  name: string,
): Promise<readonly WebhookConfiguration[]> {
  const found = await all(
    Object.values(webhookConfigurations).map(async (resource) => {
      const configuration = await kube.find(resource, { name }, { signal });
      return configuration && { ...configuration, kind: resource.kind };
    }),
  );
  return found.filter((configuration) => configuration !== undefined);
}

export async function targetsOf(
  configurations: readonly WebhookConfiguration[],
  { kube, signal }: Caller,
): Promise<readonly WebhookTarget[]> {
  const targets = configurations.flatMap(({ kind, metadata, webhooks }) =>
    (webhooks ?? []).flatMap(({ clientConfig: { service } }) =>
      service ? [`${kind} ${metadata.name}\n${service.namespace}/${service.name}`] : [],
    ),
  );
  return all(
    [...new Set(targets)].map(async (target) => {
      const [configuration = '', service = ''] = target.split('\n');
      const exists = (await kube.find(services, parseKey(service), { signal })) !== undefined;
      return { configuration, service, exists };
    }),
  );
}
