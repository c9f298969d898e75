import { fileNames, textOf } from '../controllers/secrets/held.ts';
import { labelOf, selectorOf } from '../controllers/secrets/labels.ts';
import type { AdmissionFacts, AdmissionWebhook } from '../doctor/admission.ts';
import { certificateOf } from '../doctor/certificates.ts';
import { all } from '../kube/all.ts';
import { ApiError } from '../kube/errors.ts';
import { type KubeObject, parseKey } from '../kube/object.ts';
import { defineResource } from '../kube/resource.ts';
import { secrets } from '../kube/secret.ts';
import { certificateNames } from '../webhooks/certificates/names.ts';
import { configurationName, type WebhookConfiguration, webhookConfigurations } from '../webhooks/registration.ts';
import { readConfigurations, services, targetsOf } from './doctor-extension.ts';
import type { GardenReader } from './doctor-lists.ts';

interface EndpointSlice extends KubeObject {
  endpoints?: readonly { readonly conditions?: { readonly ready?: boolean | null } | null }[] | null;
}

const isForbidden = (error: unknown): boolean => error instanceof ApiError && error.code === 403;

const endpointSlices = defineResource<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
});

/** What the garden calls when Shoots are written, and what it is answered with. */
export async function readAdmission(reader: GardenReader): Promise<AdmissionFacts> {
  const component = `admission-${reader.type}`;
  const name = configurationName(component, 'garden');
  const configurations = await readConfigurations(reader, name);
  const kinds = configurations.map(({ kind }) => kind);
  const webhooks = configurations.flatMap(webhooksOf);
  const [targets, held] = await all([
    targetsOf(configurations, reader),
    readCertificates(reader, component, homeOf(webhooks, name)),
  ]);
  const present = [...new Set(targets.filter(({ exists }) => exists).map(({ service }) => service))];
  return {
    missing: Object.values(webhookConfigurations)
      .filter(({ kind }) => !kinds.includes(kind))
      .map(({ kind }) => `${kind} ${name}`),
    ...{ webhooks, targets, ...held },
    unanswered: (await all(present.map((service) => readUnanswered(reader, service)))).flat(),
  };
}

const webhooksOf = ({ kind, metadata, webhooks }: WebhookConfiguration): readonly AdmissionWebhook[] =>
  (webhooks ?? []).map(({ failurePolicy, clientConfig: { service, url = '', caBundle = '' } }) => ({
    ...{ configuration: `${kind} ${metadata.name}`, failurePolicy },
    bundle: Buffer.from(caBundle, 'base64').toString(),
    target: service ? `Service ${service.namespace}/${service.name}` : url,
  }));

interface Home {
  readonly namespace: string;
  /** Its namespace is one of the garden, and not only of the cluster that it runs in. */
  readonly isHere: boolean;
}

/** Where the admission is, by what it is called with: a Service, or `https://name.namespace:port/...`. */
function homeOf(webhooks: readonly AdmissionWebhook[], name: string): Home | undefined {
  const [target = ''] = webhooks.map((webhook) => webhook.target);
  const [, inGarden] = /^Service (.+)\//.exec(target) ?? [];
  if (inGarden) return { namespace: inGarden, isHere: true };
  const [host, namespace] = URL.parse(target)?.hostname.split('.') ?? [];
  return host === name && namespace ? { namespace, isHere: false } : undefined;
}

/** None when the Secrets are not in the garden, or the certificates are files. */
async function readCertificates(
  { kube, signal }: GardenReader,
  component: string,
  home: Home | undefined,
): Promise<Pick<AdmissionFacts, 'served' | 'certificates'>> {
  if (!home) return { served: undefined, certificates: [] };
  const { namespace, isHere } = home;
  const { identity, server } = certificateNames(component);
  const items = await kube
    .list(secrets, { namespace, labelSelector: selectorOf(identity), signal })
    .then((found) => found.items)
    .catch((error: unknown) => {
      // Nobody grants rights in a namespace that the garden does not have.
      if (!isHere && isForbidden(error)) return [];
      throw error;
    });
  const certificates = items.flatMap((secret) => {
    const fact = certificateOf(secret);
    return fact ? [{ secret, fact }] : [];
  });
  const [newest] = certificates
    .filter(({ secret }) => labelOf(secret, 'name') === server)
    .toSorted((a, b) => b.fact.issuedAt - a.fact.issuedAt);
  return {
    served: newest && textOf(newest.secret, fileNames.leaf.cert),
    certificates: certificates.map(({ fact }) => fact),
  };
}

/** The Service, if nothing behind it is ready. One without a selector is answered by what somebody else has named. */
async function readUnanswered({ kube, signal }: GardenReader, service: string): Promise<readonly string[]> {
  const key = parseKey(service);
  const found = await kube.find(services, key, { signal });
  if (!found?.spec?.selector) return [];
  const labelSelector = `kubernetes.io/service-name=${key.name}`;
  const { items } = await kube.list(endpointSlices, { namespace: key.namespace, labelSelector, signal });
  const endpoints = items.flatMap((slice) => slice.endpoints ?? []);
  // Absent means ready (discovery.k8s.io/v1).
  return endpoints.some(({ conditions }) => conditions?.ready !== false) ? [] : [service];
}
