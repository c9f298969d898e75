import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Secret } from '../../kube/secret.ts';
import { goAuthority } from '../../pki/fixtures.ts';
import type { SecretConfig } from '../../providers/secrets.ts';
import { configs, day, identity, initiated, plan, settle, start } from './fixtures.ts';
import { textOf } from './held.ts';
import { labelOf } from './labels.ts';
import type { Plan } from './plan.ts';

const year = 365 * day;
const configOf = (secret: Secret) => labelOf(secret, 'name');
const configsOf = (secrets: readonly Secret[]) => secrets.map(configOf).sort();
const certificate = (secret: Secret | undefined) =>
  new X509Certificate(secret ? textOf(secret, secret.data?.['tls.crt'] ? 'tls.crt' : 'ca.crt') : '');
const bundled = ({ bundles }: Plan) => {
  const bundle = bundles.get('ca');
  return bundle ? (textOf(bundle, 'bundle.crt').match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n/g) ?? []) : [];
};
const signs = (authority: Secret | undefined, leaf: Secret | undefined) =>
  certificate(leaf).checkIssued(certificate(authority)) && certificate(leaf).verify(certificate(authority).publicKey);

let first: readonly Secret[];
const named = (config: string) => first.find((secret) => configOf(secret) === config) ?? expect.fail(config);
const change = (config: string, edit: (secret: Secret) => void) =>
  first.map((secret) => {
    const copy = structuredClone(secret);
    if (configOf(copy) === config) edit(copy);
    return copy;
  });

beforeAll(async () => {
  first = (await settle([])).secrets;
});

describe('the first time', () => {
  it('makes the authority, and then what it signs', () => {
    expect(plan([]).missing.map(({ content }) => content.kind)).toEqual(['ca']);
    expect(configsOf(first)).toEqual(['ca', 'ca-bundle', 'client', 'server', 'webhook']);
    expect(plan(first)).toMatchObject({ missing: [], obsolete: [], unpersisted: [] });
  });

  it.each([
    ['ca', 'Opaque', ['ca.crt', 'ca.key']],
    ['ca-bundle', 'Opaque', ['bundle.crt']],
    ['server', 'kubernetes.io/tls', ['tls.crt', 'tls.key', 'ca.crt']],
    ['webhook', 'kubernetes.io/tls', ['tls.crt', 'tls.key']],
    ['client', 'kubernetes.io/tls', ['tls.crt', 'tls.key', 'ca.crt']],
  ])('%s is %s with %j', (config, type, files) => {
    const secret = named(config);
    expect(secret).toMatchObject({ type, immutable: true });
    expect(Object.keys(secret.data ?? {})).toEqual(files);
    expect(secret.metadata.name).toMatch(new RegExp(`^${config}-[0-9a-f]{8}$`));
    expect(secret.metadata.labels).toMatchObject({ 'managed-by': 'secrets-manager', 'manager-identity': identity });
    expect(Object.values(secret.metadata.labels ?? {}).every((value) => value.length <= 63)).toBe(true);
  });

  it('labels what gardenlet takes along, and how long it is valid', () => {
    const { labels } = named('ca').metadata;
    const issuedAt = start / 1000 - 3600;
    expect(labels).toMatchObject({
      persist: 'true',
      'last-rotation-initiation-time': '',
      'issued-at-time': `${issuedAt}`,
    });
    expect(labels?.['valid-until-time']).toBe(`${(start + 10 * year) / 1000}`);
    expect(named('ca-bundle').metadata.labels).toMatchObject({ 'bundle-for': 'ca' });
    expect(named('server').metadata.labels).not.toHaveProperty('persist');
  });

  it('makes certificates as they are configured', () => {
    const server = certificate(named('server'));
    expect(server.subject.split('\n').sort()).toEqual(['CN=logs', 'O=servers']);
    expect(server.checkHost('localhost')).toBe('localhost');
    expect(server.checkIP('fd00::1')).toBe('fd00::1');
    expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(certificate(named('client')).keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate(named('ca')).subject).toBe(`CN=${named('ca').metadata.name}`);
    expect(['server', 'webhook', 'client'].every((leaf) => signs(named('ca'), named(leaf)))).toBe(true);
    expect(textOf(named('server'), 'ca.crt')).toBe(textOf(named('ca'), 'ca.crt'));
  });
});

describe('a rotation', () => {
  const both = { bundle: ['new', 'old'], server: 'old', webhook: 'new', client: 'new' };
  const done = { bundle: ['new'], server: 'new', webhook: 'new', client: 'new' };
  it.each([
    ['Preparing', both],
    ['PreparingWithoutWorkersRollout', both],
    ['WaitingForWorkersRollout', both],
    ['Prepared', both],
    ['Completing', done],
    ['Completed', done],
  ])('in phase %s', async (phase, expected) => {
    const settled = await settle(first, { rotation: { phase, lastInitiationTime: initiated }, now: start + 90 * day });
    const { current } = settled.plan;
    const renewed = current.get('ca');
    expect(renewed?.metadata.name).toMatch(/^ca-[0-9a-f]{8}-[0-9a-f]{5}$/);
    expect(labelOf(renewed as Secret, 'rotation')).toBe(`${Date.parse(initiated) / 1000}`);
    const authorities = { new: renewed, old: named('ca') };
    const nameOf = (matches: (authority: Secret | undefined) => unknown) =>
      Object.entries(authorities).find(([, authority]) => matches(authority))?.[0];
    const signer = (leaf: string) => nameOf((authority) => signs(authority, current.get(leaf)));
    const bundle = bundled(settled.plan).map((pem) => nameOf((each) => each && textOf(each, 'ca.crt') === pem));
    expect({
      bundle,
      server: signer('server'),
      webhook: signer('webhook'),
      client: signer('client'),
    }).toEqual(expected);
    expect(textOf(current.get('client') as Secret, 'ca.crt')).toBe(bundled(settled.plan).join(''));
    expect(settled.plan.obsolete.includes(named('ca'))).toBe(expected === done);
    expect(configsOf(settled.plan.obsolete)).toEqual(
      [...(expected === done ? ['ca'] : []), 'ca-bundle', 'client', 'server', 'webhook'].sort(),
    );
  });

  it('changes nothing from Preparing to Prepared', async () => {
    const rotation = { phase: 'Preparing', lastInitiationTime: initiated };
    const { secrets } = await settle(first, { rotation });
    expect(plan(secrets, { rotation: { ...rotation, phase: 'Prepared' } }).missing).toEqual([]);
  });

  it('forgets the authority before the last when the next one begins', async () => {
    const completed = await settle(first, { rotation: { phase: 'Completed', lastInitiationTime: initiated } });
    const rotation = { phase: 'Preparing', lastInitiationTime: '2027-03-01T02:03:04Z' };
    const { plan: next } = await settle(completed.secrets, { rotation });
    expect(bundled(next)).toHaveLength(2);
    expect(next.obsolete).toContain(named('ca'));
    expect(next.obsolete).not.toContain(completed.plan.current.get('ca'));
  });

  it('says so when its time is none', () => {
    expect(() => plan(first, { rotation: { lastInitiationTime: 'soon' } })).toThrow('lastInitiationTime');
  });
});

describe('what is there already', () => {
  const leaves = ['client', 'server', 'webhook'];
  const other: SecretConfig = { kind: 'ca', name: 'other', commonName: 'other' };
  const foreign = (secret: Secret) => {
    secret.metadata.name = 'foreign';
    Object.assign(secret.metadata.labels ?? {}, { 'checksum-of-config': '1', 'checksum-of-signing-ca': '2' });
  };
  const take = (file: string, from: string) => (secret: Secret) => {
    if (secret.data) secret.data[file] = named(from).data?.[file] ?? '';
  };
  const empty = (secret: Secret) => {
    secret.data = {};
  };
  const terminate = (secret: Secret) => {
    secret.metadata.deletionTimestamp = '2026-01-02T00:00:00Z';
  };

  it.each([
    ['an authority of the Go extension', 'ca', foreign, []],
    ['a bundle of the Go extension', 'ca-bundle', foreign, []],
    ['a certificate of the Go extension', 'server', foreign, []],
    ['an authority that somebody emptied', 'ca', empty, ['ca', 'ca-bundle', ...leaves]],
    ['an authority that is being deleted', 'ca', terminate, ['ca', 'ca-bundle', ...leaves]],
    ['an authority that is none', 'ca', copyLeaf, ['ca', 'ca-bundle', ...leaves]],
    ['a bundle that is being deleted', 'ca-bundle', terminate, ['ca-bundle']],
    ['a bundle that somebody emptied', 'ca-bundle', empty, ['ca-bundle']],
    ['a certificate that somebody emptied', 'client', empty, ['client']],
    ['a certificate without data', 'client', (secret: Secret) => delete secret.data, ['client']],
    ['a key of another', 'server', take('tls.key', 'webhook'), ['server']],
    ['a certificate of another', 'server', take('tls.crt', 'webhook'), ['server']],
    ['another authority beside it', 'server', take('ca.crt', 'webhook'), ['server']],
    ['a certificate that is being deleted', 'webhook', terminate, ['webhook']],
  ])('%s', async (_, config, edit, expected) => {
    const { made, plan: settled, secrets } = await settle(change(config, edit));
    expect(configsOf(made)).toEqual([...expected].sort());
    expect(new Set(secrets.map(({ metadata }) => metadata.name)).size).toBe(secrets.length);
    expect(settled.obsolete.every(({ metadata }) => !metadata.deletionTimestamp)).toBe(true);
  });

  it('only the authorities of two that were restored on another seed: signs with them', async () => {
    const rotation = { phase: 'Prepared', lastInitiationTime: initiated };
    const before = await settle(first, { rotation });
    const restored = before.secrets.filter((secret) => labelOf(secret, 'persist') === 'true').reverse();
    const { made, plan: after } = await settle(restored, { rotation });
    expect(configsOf(made)).toEqual(['ca-bundle', ...leaves]);
    expect(bundled(after)).toEqual(bundled(before.plan));
    expect(signs(named('ca'), after.current.get('server'))).toBe(true);
  });

  it('an authority with the RSA key of the Go extension: signs with it', async () => {
    const { cert, key } = await goAuthority({ from: start, until: start + 10 * year });
    const made = change('ca', (secret) => {
      secret.data = { 'ca.crt': Buffer.from(cert).toString('base64'), 'ca.key': Buffer.from(key).toString('base64') };
    });
    const { made: anew, plan: settled } = await settle(made);
    expect(configsOf(anew)).toEqual(['ca-bundle', ...leaves]);
    expect(leaves.every((leaf) => signs(settled.current.get('ca'), settled.current.get(leaf)))).toBe(true);
  });

  it('two authorities, as the Go extension leaves them when their config changes: the newer one signs', async () => {
    const { secrets } = await settle([], { now: start + day });
    const newer = structuredClone(secrets.find((secret) => configOf(secret) === 'ca') ?? expect.fail());
    newer.metadata.name = 'z';
    const { plan: settled } = await settle([...first, newer], { now: start + day });
    expect(settled.current.get('ca')).toBe(newer);
    expect(bundled(settled)).toHaveLength(2);
    expect(signs(newer, settled.current.get('server'))).toBe(true);
  });

  it.each<[string, readonly SecretConfig[], string[], string[]]>([
    ['one more', [...configs, other], ['other', 'other-bundle'], []],
    ['one less', configs.filter(({ name }) => name !== 'client'), [], ['client']],
    ['another common name', configs.map((each) => ({ ...each, commonName: 'z' })), leaves, leaves],
    ['other names', configs.map((each) => ({ ...each, dnsNames: ['elsewhere'] })), leaves, leaves],
    ['another organization', configs.map((each) => ({ ...each, organization: ['z'] })), leaves, leaves],
    [
      'another usage',
      configs.map((each) => (each.kind === 'client' ? { ...each, kind: 'server' } : each)),
      ['client'],
      ['client'],
    ],
  ])('%s in the configs', async (_, changed, expectedMade, obsolete) => {
    const { made, plan: settled } = await settle(first, { configs: changed });
    expect([configsOf(made), configsOf(settled.obsolete)]).toEqual([expectedMade, obsolete]);
  });

  it('certificates with names that are written in several ways, however often it looks', async () => {
    const odd = configs.map((each) => ({
      ...each,
      organization: ['a, b', '"c"', 'O=ü+1'],
      dnsNames: ['Upper.Case', 'twice', 'twice'],
      ipAddresses: ['::ffff:10.0.0.1', 'FD00:0::0:1'],
    }));
    const { secrets } = await settle(first, { configs: odd });
    expect(plan(secrets, { configs: odd }).missing).toEqual([]);
    const foreignOnes = secrets.map((secret) => {
      const copy = structuredClone(secret);
      if (copy.metadata.labels) copy.metadata.labels['checksum-of-config'] = '1';
      return copy;
    });
    expect(plan(foreignOnes, { configs: odd }).missing).toEqual([]);
  });

  it('an authority that gardenlet would lose', () => {
    const lost = change('ca', ({ metadata }) => delete metadata.labels?.persist);
    expect(plan(lost)).toMatchObject({ missing: [], unpersisted: [{ metadata: { name: named('ca').metadata.name } }] });
  });

  it('names that others have: takes the next, the same for all', () => {
    const [free] = plan([]).missing;
    const [next] = plan([], { taken: new Set([free?.name ?? '']) }).missing;
    expect(next?.name).toMatch(/^ca-[0-9a-f]{8}$/);
    expect(next?.name).not.toBe(free?.name);
    expect(plan([], { taken: new Set([free?.name ?? '']) }).missing).toEqual([next]);
  });

  it('no authority for what is to be signed: says which', () => {
    expect(() => plan([], { configs: configs.slice(1) })).toThrow('server is to be signed by ca');
  });

  function copyLeaf(secret: Secret) {
    const { data = {} } = named('server');
    secret.data = { 'ca.crt': data['tls.crt'] ?? '', 'ca.key': data['tls.key'] ?? '' };
  }
});

describe('with time', () => {
  it.each([
    ['80 % of it are not over', 7.99 * year, []],
    ['80 % of it are over', 8 * year, ['client', 'server', 'webhook']],
    ['10 days are left', 10 * year - 9 * day, ['ca', 'ca-bundle', 'client', 'server', 'webhook']],
    ['it has expired', 10 * year, ['ca', 'ca-bundle', 'client', 'server', 'webhook']],
  ])('when %s', async (_, age, expected) => {
    const { made, secrets } = await settle(first, { now: start + age });
    expect(configsOf(made)).toEqual(expected);
    expect(plan(secrets, { now: start + age }).missing).toEqual([]);
  });

  it.each([{}, { phase: 'Completed', lastInitiationTime: initiated }])(
    'an authority that expires soon is trusted beside its successor, which signs: rotation %j',
    async (rotation) => {
      const before = await settle(first, { rotation });
      const soon = await settle(before.secrets, { rotation, now: start + 10 * year - 5 * day });
      expect(bundled(soon.plan)).toHaveLength(2);
      expect(signs(soon.plan.current.get('ca'), soon.plan.current.get('server'))).toBe(true);
      const { plan: after } = await settle(soon.secrets, { rotation, now: start + 10 * year });
      expect(bundled(after)).toHaveLength(1);
    },
  );
});
