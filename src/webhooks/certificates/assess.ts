import { covers, type Issued, isSignedBy } from '../../pki/issued.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** All durations in milliseconds. */
export interface Policy {
  readonly caMs: number;
  readonly serverMs: number;
  /** Share of its validity after which a certificate is replaced. */
  readonly renewAt: number;
  /** How long an authority is trusted after its successor came. */
  readonly keepOldMs: number;
  /** How long a new authority is in the configurations before it signs what is served: API servers learn of it late. */
  readonly publishMs: number;
}

export const defaultPolicy: Policy = {
  caMs: 30 * day,
  serverMs: 10 * day,
  renewAt: 0.8,
  keepOldMs: day,
  publishMs: minute,
};

/** What there is: Secrets that can be read, and the names of all. */
export interface Stock {
  readonly authorities: readonly Issued[];
  readonly servers: readonly Issued[];
}

export interface Assessment {
  /** The newest authority that is valid; it signs. */
  readonly authority: Issued | undefined;
  readonly needsAuthority: boolean;
  /** The newest server certificate that is valid, trusted, and for all hosts. */
  readonly serving: Issued | undefined;
  readonly needsServer: boolean;
  /** Authorities that clients are to trust, newest first. */
  readonly trusted: readonly Issued[];
  /** Names of Secrets that nobody needs any more. */
  readonly obsolete: readonly string[];
}

/** What is to be served, trusted, made and removed at this time. */
export function assess(stock: Stock, hosts: readonly string[], now: number, policy: Policy): Assessment {
  const isValid = ({ validUntil }: Issued) => now < validUntil;
  const isDue = ({ issuedAt, validUntil }: Issued) => now >= issuedAt + (validUntil - issuedAt) * policy.renewAt;
  const authorities = newestFirst(stock.authorities).filter(isValid);
  const [authority] = authorities;
  const signerOf = (server: Issued) => authorities.find((candidate) => isSignedBy(server, candidate));
  const serving = newestFirst(stock.servers).find(
    (server) => isValid(server) && covers(server, hosts) && signerOf(server) !== undefined,
  );
  const signer = serving && signerOf(serving);
  const isPublished = authority !== undefined && now >= authority.issuedAt + policy.publishMs;
  const outlives = (old: Issued, successor: Issued) => now < successor.issuedAt + policy.keepOldMs || old === signer;
  const trusted = authorities.filter((each) => each === authority || (authority && outlives(each, authority)));
  const isWorn = serving !== undefined && (isDue(serving) || signer !== authority);
  return {
    authority,
    needsAuthority: !authority || isDue(authority),
    serving,
    needsServer: !serving || (isWorn && isPublished),
    trusted,
    obsolete: [
      ...namesBut(stock.authorities, trusted),
      ...namesBut(
        stock.servers,
        stock.servers.filter((server) => isValid(server) && isYoung(server, serving, now, policy)),
      ),
    ],
  };
}

/** What came after the one that is served, or was replaced by it a short time ago: a replica may still need it. */
function isYoung(server: Issued, serving: Issued | undefined, now: number, { keepOldMs }: Policy): boolean {
  return !serving || server === serving || server.issuedAt > serving.issuedAt || now < serving.issuedAt + keepOldMs;
}

function namesBut(all: readonly Issued[], kept: readonly Issued[]): string[] {
  return all.filter((each) => !kept.includes(each)).map(({ name }) => name);
}

/** By name where times are equal, so that all replicas choose the same. */
function newestFirst(all: readonly Issued[]): Issued[] {
  return [...all].sort((a, b) => b.issuedAt - a.issuedAt || a.name.localeCompare(b.name));
}
