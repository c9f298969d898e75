import { secretsIdentity } from '../controllers/controlplane/options.ts';
import { selectorOf } from '../controllers/secrets/labels.ts';
import { type CertificateFact, certificateOf } from '../doctor/certificates.ts';
import type { WebhookTarget } from '../doctor/seed.ts';
import { all } from '../kube/all.ts';
import { type Lease, leases } from '../kube/lease.ts';
import { defineResource } from '../kube/resource.ts';
import { secrets } from '../kube/secret.ts';
import { certificateNames } from '../webhooks/certificates/names.ts';
import { configurationName, webhookConfigurations } from '../webhooks/registration.ts';
import { list, type SeedReader } from './doctor-lists.ts';

const services = defineResource({ group: '', version: 'v1', kind: 'Service', plural: 'services', namespaced: true });

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

export async function readWebhookTargets({ kube, provider, signal }: SeedReader): Promise<readonly WebhookTarget[]> {
  const name = configurationName(provider, 'seed');
  const found = await all(
    Object.values(webhookConfigurations).map((resource) => kube.find(resource, { name }, { signal })),
  );
  const targets = found.flatMap((configuration) =>
    (configuration?.webhooks ?? []).flatMap(({ clientConfig: { service } }) =>
      service ? [`${configuration?.kind} ${name}\n${service.namespace}/${service.name}`] : [],
    ),
  );
  return all(
    [...new Set(targets)].map(async (target) => {
      const [configuration = '', service = ''] = target.split('\n');
      const [namespace, serviceName = ''] = service.split('/');
      const exists = (await kube.find(services, { namespace, name: serviceName }, { signal })) !== undefined;
      return { configuration, service, exists };
    }),
  );
}
