import { describe, expect, it } from 'vitest';
import { buildConfiguration, type ClientMode, type RegistrationOptions, servingHosts } from './registration.ts';
import { webhookOf } from './testing.ts';

const service: ClientMode = { mode: 'service', namespace: 'garden', servicePort: 443 };
const options: RegistrationOptions = {
  webhooks: [
    webhookOf({ name: 'validator', objectSelector: { matchLabels: { a: 'true' } } }),
    webhookOf({ name: 'secrets.validator', path: '/secrets' }),
    webhookOf({ name: 'mutator', type: 'mutating' }),
    webhookOf({ name: 'shoot', target: 'shoot', type: 'mutating', path: '/shoot' }),
  ],
  target: 'garden',
  component: 'admission-metal',
  client: service,
  bundle: 'PEM',
};

it('describes webhooks of one type and target, by name', () => {
  const owner = { apiVersion: 'v1', kind: 'Namespace', name: 'n', uid: 'u' };
  const built = buildConfiguration('validating', { ...options, owner });
  expect(built).toMatchObject({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: {
      name: 'gardener-extension-admission-metal',
      labels: { 'remediation.webhook.shoot.gardener.cloud/exclude': 'true' },
      ownerReferences: [owner],
    },
  });
  expect(built?.webhooks?.map(({ name }) => name)).toEqual([
    'secrets.validator.admission-metal.extensions.gardener.cloud',
    'validator.admission-metal.extensions.gardener.cloud',
  ]);
  expect(built?.webhooks?.[1]).toEqual({
    name: 'validator.admission-metal.extensions.gardener.cloud',
    clientConfig: {
      service: { namespace: 'garden', name: 'gardener-extension-admission-metal', path: '/review', port: 443 },
      caBundle: Buffer.from('PEM').toString('base64'),
    },
    rules: [
      {
        apiGroups: ['core.gardener.cloud'],
        apiVersions: ['*'],
        resources: ['shoots'],
        operations: ['CREATE', 'UPDATE'],
        scope: '*',
      },
    ],
    failurePolicy: 'Fail',
    matchPolicy: 'Exact',
    sideEffects: 'None',
    timeoutSeconds: 10,
    admissionReviewVersions: ['v1', 'v1beta1'],
    namespaceSelector: {},
    objectSelector: { matchLabels: { a: 'true' } },
  });
});

it('names what is for shoots apart: reached by URL, ignored when it fails, without owner', () => {
  const owner = { apiVersion: 'v1', kind: 'Namespace', name: 'n', uid: 'u' };
  const built = buildConfiguration('mutating', { ...options, owner, target: 'shoot', component: 'provider-metal' });
  expect(built?.metadata.name).toBe('gardener-extension-provider-metal-shoot');
  expect(built?.metadata).not.toHaveProperty('ownerReferences');
  expect(built?.webhooks).toMatchObject([
    {
      name: 'shoot.metal.extensions.gardener.cloud',
      clientConfig: { url: 'https://gardener-extension-provider-metal.garden:443/shoot' },
      failurePolicy: 'Ignore',
    },
  ]);
});

it('is nothing without webhooks', () =>
  expect(buildConfiguration('validating', { ...options, target: 'seed' })).toBeUndefined());

describe('where the webhooks are', () => {
  const names = ['gardener-extension-admission-metal', 'gardener-extension-admission-metal.garden'];
  it.each<[string, ClientMode, string | undefined, string[]]>([
    ['service', service, undefined, [...names, `${names[1]}.svc`]],
    [
      'url-service',
      { ...service, mode: 'url-service' },
      'https://gardener-extension-admission-metal.garden:443/review',
      [...names, `${names[1]}.svc`],
    ],
    ['host', { mode: 'url', url: 'a.b' }, 'https://a.b/review', ['a.b']],
    ['host and port', { mode: 'url', url: '127.0.0.1:9443' }, 'https://127.0.0.1:9443/review', ['127.0.0.1']],
    ['IPv6', { mode: 'url', url: '[::1]:9443' }, 'https://[::1]:9443/review', ['::1']],
    ['with scheme and path', { mode: 'url', url: 'https://a.b/x/' }, 'https://a.b/x/review', ['a.b']],
  ])('%s', (_, client, url, hosts) => {
    const built = buildConfiguration('mutating', { ...options, client });
    expect(built?.webhooks?.[0]?.clientConfig.url).toBe(url);
    expect(servingHosts('admission-metal', client)).toEqual(hosts);
  });
});
