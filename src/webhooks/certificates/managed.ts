import { createHash } from 'node:crypto';
import { type Clock, sleep } from '../../kube/clock.ts';
import { toError } from '../../kube/errors.ts';
import type { Logger } from '../../kube/logger.ts';
import { issueAuthority, issueServer, type KeyPair } from '../../pki/issue.ts';
import { type Issued, isSignedBy, readIssued } from '../../pki/issued.ts';
import { type Assessment, assess, defaultPolicy, type Policy, type Stock } from './assess.ts';
import type { Certificates, Publish } from './certificates.ts';
import type { CertificateNames } from './names.ts';
import type { CertificateRecord, CertificateStore } from './store.ts';

export interface ManagedCertificatesOptions {
  readonly store: CertificateStore;
  readonly names: CertificateNames;
  /** DNS names and addresses by which the server is called. */
  readonly hosts: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly policy?: Partial<Policy> | undefined;
  /** Pause between two looks at the store, in milliseconds; 30,000. */
  readonly pollMs?: number | undefined;
}

/**
 * Certificates that the replicas make themselves and share through a store. Names of records follow from what is there
 * already, so that replicas that make the same at the same time collide, and all go on with the first one's.
 */
export function createManagedCertificates(options: ManagedCertificatesOptions): Certificates {
  const { store, names, hosts, clock, log, pollMs = 30_000 } = options;
  const policy = { ...defaultPolicy, ...options.policy };
  let served: Issued | undefined;
  /** Authorities by certificate, and when they were last known: trusted for a while even if someone deletes their Secret. */
  const trusted = new Map<string, { readonly authority: Issued; readonly at: number }>();

  const look = async (signal: AbortSignal) => {
    const records = await store.list(signal);
    const stock = stockOf(records);
    return { records, assessment: assess(stock, hosts, clock.now(), policy) };
  };
  const trust = ({ trusted: now, obsolete }: Assessment) => {
    const at = clock.now();
    for (const [cert, { authority }] of trusted) if (obsolete.includes(authority.name)) trusted.delete(cert);
    for (const authority of now) trusted.set(authority.cert, { authority, at });
  };
  const take = (assessment: Assessment): boolean => {
    trust(assessment);
    const { serving } = assessment;
    if (!serving || serving.cert === served?.cert) return false;
    served = serving;
    return true;
  };
  const addAuthority = async (records: readonly CertificateRecord[], signal: AbortSignal) => {
    const from = wholeSeconds(clock.now());
    const until = from + policy.caMs;
    const pair = await issueAuthority(names.ca, { from, until });
    const name = nextName(names.ca, records, 'ca');
    await store.add({ ...pair, name, role: 'ca', issuedAt: from, validUntil: until }, signal);
    log.info({ name, validUntil: new Date(until).toISOString() }, 'Made a certificate authority');
  };
  const addServer = async (records: readonly CertificateRecord[], authority: Issued, signal: AbortSignal) => {
    const from = wholeSeconds(clock.now());
    const until = Math.min(from + policy.serverMs, authority.validUntil);
    const pair = await issueServer(authority, { commonName: names.commonName, hosts }, { from, until });
    const name = nextName(names.server, records, 'server', [authority.name, ...hosts]);
    await store.add({ ...pair, name, role: 'server', issuedAt: from, validUntil: until }, signal);
    log.info({ name, validUntil: new Date(until).toISOString() }, 'Made a server certificate');
  };
  const isKnown = ({ issuedAt }: Issued) => clock.now() >= issuedAt + policy.publishMs;
  const isServing = () => served !== undefined && clock.now() < served.validUntil;
  const bundle = (): string => {
    const now = clock.now();
    return [...trusted.values()]
      .filter(({ authority, at }) => now < authority.validUntil && now < at + policy.keepOldMs)
      .sort((a, b) => b.authority.issuedAt - a.authority.issuedAt)
      .map(({ authority }) => `${authority.cert.trim()}\n`)
      .join('');
  };

  /** Nobody may have published an authority that is made here: only for when there is nothing to lose. */
  const begin = async (signal: AbortSignal): Promise<KeyPair> => {
    let { records, assessment } = await look(signal);
    if (!assessment.serving && !assessment.authority) {
      await addAuthority(records, signal);
      ({ records, assessment } = await look(signal));
    }
    if (!assessment.serving && assessment.authority) {
      await addServer(records, assessment.authority, signal);
      ({ records, assessment } = await look(signal));
    }
    take(assessment);
    if (!served) throw new Error('the certificate that was just made cannot be read');
    return served;
  };

  return {
    get bundle() {
      return bundle();
    },
    async open(signal) {
      for (let pause = 250; ; pause = Math.min(pollMs, pause * 2)) {
        try {
          return await begin(signal);
        } catch (error) {
          signal.throwIfAborted();
          log.warn({ error: toError(error) }, 'No certificate yet');
          await sleep(clock, pause, signal);
        }
      }
    },
    async watch(onChange, signal) {
      while (!signal.aborted) {
        try {
          await sleep(clock, pollMs, signal);
          const { assessment } = await look(signal);
          if (take(assessment) && served) onChange(served);
        } catch (error) {
          if (!signal.aborted) log.warn({ error: toError(error) }, 'Certificates could not be read');
        }
      }
    },
    async maintain(publish: Publish, signal) {
      let { records, assessment } = await look(signal);
      if (assessment.needsAuthority) {
        await addAuthority(records, signal);
        ({ records, assessment } = await look(signal));
      }
      trust(assessment);
      const failure = await publish(bundle(), signal).then(() => undefined, toError);
      const { needsServer, authority, serving } = assessment;
      // Then clients trust it already: that one of them cannot be told must not end what serves all others.
      const isInUse = (signer: Issued) => serving !== undefined && isSignedBy(serving, signer);
      const maySign = (signer: Issued) => isInUse(signer) || (!failure && (isKnown(signer) || !isServing()));
      if (needsServer && authority && maySign(authority)) await addServer(records, authority, signal);
      if (failure) throw failure;
      for (const name of assessment.obsolete) await store.remove(name, signal);
    },
  };
}

function stockOf(records: readonly CertificateRecord[]): Stock {
  const read = (role: CertificateRecord['role']) =>
    records
      .filter((record) => record.role === role)
      .map((record) => readIssued(record.name, record, record.issuedAt))
      .filter((issued) => issued !== undefined);
  return { authorities: read('ca'), servers: read('server') };
}

/** The same for all that know the same records, and never one that is taken, readable or not. */
function nextName(
  config: string,
  records: readonly CertificateRecord[],
  role: CertificateRecord['role'],
  inputs: readonly string[] = [],
): string {
  const known = records.filter((record) => record.role === role).map(({ name }) => name);
  const hash = createHash('sha256')
    .update(JSON.stringify([known.sort(), inputs]))
    .digest('hex');
  return `${config}-${hash.slice(0, 8)}`;
}

const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;
