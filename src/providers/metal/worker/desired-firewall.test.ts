import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FirewallDeployment } from '../../../apis/firewall/firewall.ts';
import { desiredFirewallDeployment, FIREWALL_FINALIZER, firewallPatch } from './desired-firewall.ts';
import type { Facts } from './facts.ts';
import { CLUSTER, factsWith, firewallWith, forbidden } from './fixtures.ts';

/** As the API server has it after firewall-controller-manager has filled it in and written it back. */
function stored(facts: Facts, changes: object = {}): FirewallDeployment {
  const { metadata, spec } = desiredFirewallDeployment(facts);
  const template = {
    ...spec?.template,
    spec: { interval: '10s', userdata: '{}', allowedNetworks: {}, ...spec?.template?.spec, ...changes },
  };
  return { metadata: { ...metadata, resourceVersion: '7' }, spec: { strategy: 'RollingUpdate', ...spec, template } };
}

/** RFC 7386, section 2. */
function applied(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = typeof target === 'object' && !Array.isArray(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = applied(result[name], value);
  }
  return result;
}

const specOf = (facts: Facts, existing?: FirewallDeployment) =>
  desiredFirewallDeployment(facts, existing).spec?.template?.spec;
const templatePatch = (facts: Facts, existing: FirewallDeployment) =>
  (firewallPatch(facts, existing) as { spec?: { template?: { spec?: object } } } | undefined)?.spec?.template?.spec;

describe('a new firewall', () => {
  test('has everything that firewall-controller-manager requires', () => {
    expect(desiredFirewallDeployment(factsWith())).toEqual({
      metadata: {
        name: 'shoot-firewall',
        namespace: 'shoot--p--s',
        labels: { 'gardener-shoot-namespace': 'shoot--p--s' },
        finalizers: [FIREWALL_FINALIZER],
      },
      spec: {
        replicas: 1,
        autoUpdate: { machineImage: false },
        selector: { 'cluster.metal-stack.io/id': CLUSTER },
        template: {
          metadata: { labels: { 'cluster.metal-stack.io/id': CLUSTER } },
          spec: {
            partition: 'fra-equ01',
            project: 'project-1',
            size: 'n1-medium-x86',
            image: 'firewall-ubuntu-3.0',
            networks: ['internet', 'mpls', 'node-network'],
            rateLimits: [],
            internalPrefixes: ['10.0.0.0/8'],
            egressRules: [],
            controllerVersion: 'v2.5.0',
            controllerURL: 'https://fc.example.com/v2.5.0',
            nftablesExporterVersion: 'v0.3.2',
            nftablesExporterURL: 'https://nft.example.com/v0.3.2',
            logAcceptedConnections: false,
            sshPublicKeys: ['ssh-rsa AAAA'],
            dnsServerAddress: '',
            allowedNetworks: {},
          },
        },
      },
    });
  });

  test('has the limits and rules of the Shoot', () => {
    const firewall = {
      rateLimits: [{ networkID: 'internet', rateLimit: 10 }],
      egressRules: [{ networkID: 'internet', ips: ['203.0.113.1', '2001:db8::1'] }],
      logAcceptedConnections: true,
    };
    expect(specOf(firewallWith(firewall))).toMatchObject({
      rateLimits: [{ networkID: 'internet', rate: 10 }],
      egressRules: firewall.egressRules,
      logAcceptedConnections: true,
    });
  });

  test.each<[string | undefined, string]>([
    [undefined, 'v2.5.0'],
    ['auto', 'v2.5.0'],
    ['v2.4.0', 'v2.4.0'],
    ['v2.6.0', 'v2.6.0'],
  ])('controller version %s is %s', (wanted, version) => {
    const facts = firewallWith(wanted === undefined ? {} : { controllerVersion: wanted });
    expect(specOf(facts)).toMatchObject({
      controllerVersion: version,
      controllerURL: `https://fc.example.com/${version}`,
    });
  });

  test.each<[string, Facts, RegExp]>([
    [
      'an unknown controller version',
      firewallWith({ controllerVersion: 'v9' }),
      /"v9" was not found in .*v2\.4\.0, v2\.5\.0/,
    ],
    [
      'no supported controller version',
      factsWith({ plane: {} }),
      /unable to detect most recent firewallcontrollerversion/,
    ],
    ['no size', firewallWith({ size: '' }), /firewall\.size must be set/],
    ['no image', firewallWith({ image: '' }), /firewall\.image must be set/],
    ['no network', firewallWith({ networks: [] }), /firewall\.networks must be set/],
  ])('is refused with %s', (_, facts, message) => {
    expect(() => desiredFirewallDeployment(facts)).toThrow(message);
  });
});

describe('isolation', () => {
  const restricted = { ...forbidden, allowedNetworks: undefined };
  const open = { dnsServerAddress: '', allowedNetworks: {} };
  test.each<[string, Facts['isolation'], object]>([
    ['baseline', undefined, open],
    ['restricted', restricted, { dnsServerAddress: '2001:db8::53', allowedNetworks: {} }],
    ['forbidden', forbidden, { dnsServerAddress: '2001:db8::53', allowedNetworks: forbidden.allowedNetworks }],
  ])('%s', (_, isolation, expected) => {
    expect(specOf(factsWith({ isolation }))).toMatchObject(expected);
  });

  test('what was set for a forbidden cluster goes when it is not one any more', () => {
    const existing = stored(factsWith({ isolation: forbidden }));
    expect(templatePatch(factsWith({ isolation: restricted }), existing)).toEqual({
      allowedNetworks: { ingress: null, egress: null },
    });
    expect(templatePatch(factsWith(), existing)).toEqual({
      dnsServerAddress: '',
      allowedNetworks: { ingress: null, egress: null },
    });
  });
});

describe('an existing firewall', () => {
  test('is left alone while nothing changes, whatever others have filled in', () => {
    expect(firewallPatch(factsWith(), stored(factsWith()))).toBeUndefined();
  });

  test('a change is sent with the version that was read, and asks for a reconcile', () => {
    const facts = firewallWith({ size: 'c1-large' });
    expect(firewallPatch(facts, stored(factsWith()))).toEqual({
      metadata: { resourceVersion: '7', annotations: { 'firewall.metal-stack.io/reconcile': 'true' } },
      spec: { template: { spec: { size: 'c1-large' } } },
    });
  });

  test('keeps what may not change', () => {
    const existing = stored(factsWith(), { project: 'old', partition: 'old', dnsPort: 53 });
    const labels = { of: 'another time' };
    const before = {
      ...existing,
      spec: { ...existing.spec, selector: labels, template: { ...existing.spec?.template, metadata: { labels } } },
    };
    expect(firewallPatch(factsWith(), before)).toBeUndefined();
  });

  test('gets back its finalizer, its label and its one replica', () => {
    const { spec, metadata } = stored(factsWith());
    const { finalizers: _, labels: __, ...rest } = metadata;
    const existing = {
      metadata: { ...rest, finalizers: ['other'], labels: { other: 'label' } },
      spec: { ...spec, replicas: 3 },
    };
    expect(firewallPatch(factsWith(), existing)).toMatchObject({
      metadata: { finalizers: ['other', FIREWALL_FINALIZER], labels: { 'gardener-shoot-namespace': 'shoot--p--s' } },
      spec: { replicas: 1 },
    });
  });

  test('keeps the key that firewall-controller-manager took where the nodes have none', () => {
    const { worker } = factsWith();
    const { sshPublicKey: _, ...spec } = worker.spec;
    const facts = factsWith({ worker: { ...worker, spec } });
    expect(firewallPatch(facts, stored(facts, { sshPublicKeys: ['ssh-rsa BBBB'] }))).toBeUndefined();
  });

  test.each<[boolean, string, string, string]>([
    [true, 'firewall-ubuntu-3.0.20251110', 'firewall-ubuntu-3.0', 'firewall-ubuntu-3.0.20251110'],
    [true, 'firewall-ubuntu-3.0.20260112', 'firewall-ubuntu-3.0.20251110', 'firewall-ubuntu-3.0.20260112'],
    [true, 'firewall-ubuntu-3.0.20251110', 'firewall-ubuntu-3.0.20260112', 'firewall-ubuntu-3.0.20251110'],
    [true, 'firewall-ubuntu-3.0.20251110', 'firewall-ubuntu-3.1', 'firewall-ubuntu-3.1'],
    [true, 'firewall-ubuntu-3.0.20251110', 'firewall-debian-3.0', 'firewall-debian-3.0'],
    [true, 'unversioned', 'firewall-ubuntu-3.0', 'firewall-ubuntu-3.0'],
    [false, 'firewall-ubuntu-3.0.20251110', 'firewall-ubuntu-3.0', 'firewall-ubuntu-3.0'],
  ])('auto-update %s: of %s and %s wanted stays %s', (autoUpdateMachineImage, present, image, expected) => {
    const existing = stored(factsWith(), { image: present });
    expect(specOf(firewallWith({ autoUpdateMachineImage, image }), existing)?.image).toBe(expected);
  });
});

const text = fc.constantFrom('', 'a', 'firewall-ubuntu-3.0', 'firewall-ubuntu-3.0.1');
const some = fc.constantFrom('a', 'firewall-ubuntu-3.0', 'firewall-ubuntu-3.0.2', 'firewall-ubuntu-3.1');
const anyFacts = fc
  .record({
    firewall: fc.record({
      size: some,
      image: some,
      networks: fc.array(some, { minLength: 1 }),
      rateLimits: fc.array(fc.record({ networkID: text, rateLimit: fc.nat() })),
      egressRules: fc.array(fc.record({ networkID: text, ips: fc.array(text) })),
      logAcceptedConnections: fc.boolean(),
      autoUpdateMachineImage: fc.boolean(),
    }),
    isolation: fc.constantFrom(undefined, forbidden, { ...forbidden, allowedNetworks: undefined }),
    config: fc.record({ firewallInternalPrefixes: fc.array(text) }),
  })
  .map(factsWith);
const anyExisting = fc.record(
  {
    metadata: fc.record({ name: fc.constant('shoot-firewall') }),
    spec: fc.record(
      {
        replicas: fc.nat(),
        template: fc.record(
          {
            spec: fc.record(
              {
                image: text,
                networks: fc.array(text),
                dnsServerAddress: text,
                allowedNetworks: fc.record({ ingress: fc.array(text), egress: fc.array(text) }, { requiredKeys: [] }),
                logAcceptedConnections: fc.boolean(),
              },
              { requiredKeys: [] },
            ),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['metadata'] },
) as fc.Arbitrary<FirewallDeployment>;

test('whatever there is and whatever is wanted, one patch brings it about', () => {
  fc.assert(
    fc.property(anyFacts, anyExisting, (facts, existing) => {
      const patched = applied(existing, firewallPatch(facts, existing) ?? {}) as FirewallDeployment;
      expect(firewallPatch(facts, patched)).toBeUndefined();
    }),
  );
});

test('what is created needs no patch', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      expect(firewallPatch(facts, desiredFirewallDeployment(facts))).toBeUndefined();
    }),
  );
});
