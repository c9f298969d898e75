import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createFakeClock, type FakeClock } from '../../kube/fake-clock.ts';
import { createFakeLog } from '../../kube/fake-log.ts';
import type { KeyPair } from '../../pki/issue.ts';
import type { Certificates } from './certificates.ts';
import { createManagedCertificates } from './managed.ts';
import { certificateNames } from './names.ts';
import { type CertificateStore, createMemoryStore } from './store.ts';

const { signal } = new AbortController();
const hour = 3_600_000;
const day = 24 * hour;
const hosts = ['gardener-extension-admission-metal.garden.svc', '10.0.0.1', '::1'];

function replica(
  store: CertificateStore,
  clock: FakeClock,
  more: { hosts?: string[]; pollMs?: number } = {},
): Certificates {
  const names = certificateNames('admission-metal');
  return createManagedCertificates({ store, names, hosts, clock, log: createFakeLog(), ...more });
}

const certificatesIn = (bundle = ''): X509Certificate[] =>
  (bundle.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []).map((pem) => new X509Certificate(pem));

const isTrusted = ({ cert }: KeyPair, bundle: string | undefined): boolean => {
  const server = new X509Certificate(cert);
  return certificatesIn(bundle).some((ca) => server.checkIssued(ca) && server.verify(ca.publicKey));
};

describe('the first certificate', () => {
  it('is of P-256, for all hosts, for servers, and of an authority that lives longer', async () => {
    const clock = createFakeClock();
    const certificates = replica(createMemoryStore(), clock);
    const pair = await certificates.open(signal);
    const server = new X509Certificate(pair.cert);
    expect(server.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(server.subject).toBe('CN=admission-metal');
    expect(hosts.map((host) => server.checkHost(host) ?? server.checkIP(host))).toEqual(hosts);
    expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(isTrusted(pair, certificates.bundle)).toBe(true);
    const [authority] = certificatesIn(certificates.bundle);
    expect([authority?.subject, authority?.ca]).toEqual(['CN=ca-admission-metal-webhook', true]);
    expect(authority?.validToDate.getTime()).toBe(Math.floor(clock.now() / 1000) * 1000 + 30 * day);
    expect(server.validToDate.getTime()).toBeLessThan(authority?.validToDate.getTime() ?? 0);
  });

  it('is the same for replicas that start at the same time', async () => {
    const clock = createFakeClock();
    const store = createMemoryStore();
    const replicas = Array.from({ length: 5 }, () => replica(store, clock));
    const pairs = await Promise.all(replicas.map((each) => each.open(signal)));
    expect(new Set(pairs.map(({ cert }) => cert)).size).toBe(1);
    expect(await store.list(signal)).toHaveLength(2);
    expect(new Set(replicas.map(({ bundle }) => bundle)).size).toBe(1);
  });

  it('is made anew for other hosts, by the same authority', async () => {
    const clock = createFakeClock();
    const store = createMemoryStore();
    const first = replica(store, clock);
    await first.open(signal);
    const other = replica(store, clock, { hosts: ['a.b'] });
    expect(isTrusted(await other.open(signal), first.bundle)).toBe(true);
    expect(await store.list(signal)).toHaveLength(3);
  });

  it.each(['cert', 'key'] as const)('is made when the %s of another is not readable', async (part) => {
    const clock = createFakeClock();
    const store = createMemoryStore();
    await replica(store, clock).open(signal);
    const records = await store.list(signal);
    const broken = createMemoryStore();
    for (const record of records) await broken.add({ ...record, [part]: 'garbage' }, signal);
    const later = replica(broken, clock);
    expect(isTrusted(await later.open(signal), later.bundle)).toBe(true);
  });

  it('is tried for until the store answers', async () => {
    const clock = createFakeClock();
    const store = createMemoryStore();
    let failures = 3;
    const flaky: CertificateStore = {
      ...store,
      list: (until) => (failures-- > 0 ? Promise.reject(new Error('unreachable')) : store.list(until)),
    };
    const opening = replica(flaky, clock).open(signal);
    await clock.run(10_000);
    expect((await opening).cert).toContain('BEGIN CERTIFICATE');
  });
});

/** Two replicas, of which the first leads, and what clients see of them at any time. */
async function live(days: number, disturb: (round: number, store: CertificateStore) => unknown = () => undefined) {
  const clock = createFakeClock();
  const store = createMemoryStore();
  const replicas = [2 * hour, 3 * hour].map((pollMs) => replica(store, clock, { pollMs }));
  const served = await Promise.all(replicas.map((each) => each.open(signal)));
  const stop = new AbortController();
  const watching = replicas.map((each, index) => each.watch((pair) => void served.splice(index, 1, pair), stop.signal));
  const seen = { servers: new Set<string>(), authorities: new Set<string>(), faults: [] as string[] };
  let published: string | undefined;
  const look = (round: number) => {
    const bundle = certificatesIn(published);
    if (bundle.length > 2) seen.faults.push(`${round}: ${bundle.length} authorities`);
    for (const authority of bundle) seen.authorities.add(authority.fingerprint256);
    for (const pair of served) {
      seen.servers.add(pair.cert);
      if (!isTrusted(pair, published)) seen.faults.push(`${round}: untrusted`);
      if (new X509Certificate(pair.cert).validToDate.getTime() <= clock.now()) seen.faults.push(`${round}: expired`);
    }
  };
  const publish = (bundle: string | undefined) => {
    published = bundle;
    return Promise.resolve();
  };
  for (let round = 0; round < days * 12; round++) {
    await disturb(round, store);
    await replicas[0]?.maintain(publish, signal);
    look(round);
    await clock.run(2 * hour);
    look(round);
  }
  stop.abort(new Error('done'));
  await Promise.all(watching);
  return { ...seen, records: await store.list(signal) };
}

describe('rotation', () => {
  it('publishes each authority before it signs what is served, and cleans up', { timeout: 30_000 }, async () => {
    const { faults, authorities, servers, records } = await live(50);
    expect(faults).toEqual([]);
    expect(authorities.size).toBe(3);
    expect(servers.size).toBeGreaterThan(6);
    expect(records.length).toBeLessThanOrEqual(4);
  });

  it('survives that someone deletes all Secrets', { timeout: 30_000 }, async () => {
    const { faults, authorities } = await live(2, async (round, store) => {
      if (round !== 5) return;
      for (const { name } of await store.list(signal)) await store.remove(name, signal);
    });
    expect(faults).toEqual([]);
    expect(authorities.size).toBe(2);
  });

  it('does not sign with an authority that could not be published', async () => {
    const clock = createFakeClock();
    const store = createMemoryStore();
    const leader = replica(store, clock);
    await leader.open(signal);
    await clock.run(25 * day);
    const fails = () => Promise.reject(new Error('no'));
    for (let minute = 0; minute < 5; minute++) {
      await expect(leader.maintain(fails, signal)).rejects.toThrow('no');
      await clock.run(60_000);
    }
    const roles = (await store.list(signal)).map(({ role }) => role);
    expect(roles.sort()).toEqual(['ca', 'ca', 'server']);
  });

  it('renews what the authority in use has signed, also while not all can be told', async () => {
    const clock = createFakeClock();
    const store = createMemoryStore();
    const leader = replica(store, clock);
    const first = await leader.open(signal);
    await clock.run(9 * day);
    await expect(leader.maintain(() => Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    const servers = (await store.list(signal)).filter(({ role }) => role === 'server');
    expect(servers.map((server) => isTrusted(server, leader.bundle))).toEqual([true, true]);
    expect(servers.filter(({ cert }) => cert !== first.cert)).toHaveLength(1);
  });
});
