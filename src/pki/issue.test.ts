import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { goAuthority } from './fixtures.ts';
import { issueAuthority, issueClient, issueServer } from './issue.ts';
import { isSignedBy, readIssued } from './issued.ts';
import { subjectOf } from './subject.ts';
import { x509 as library } from './x509.ts';

const from = Date.UTC(2026, 0, 2);
const until = Date.UTC(2061, 0, 2);
const validity = { from, until };
const subject = {
  commonName: 'droptailer',
  organization: ['one', 'two'],
  hosts: ['droptailer', '10.0.0.1', 'fd00::1', '::ffff:10.0.0.1'],
};

const authorities = [
  ['its own authority', () => issueAuthority('ca', validity)],
  ['an authority of Go', () => goAuthority(validity)],
] as const;

describe.each(authorities)('a certificate of %s', (_, make) => {
  it.each([
    ['server', issueServer, '1.3.6.1.5.5.7.3.1'],
    ['client', issueClient, '1.3.6.1.5.5.7.3.2'],
  ] as const)('for a %s is signed by it', async (_, issue, usage) => {
    const authority = await make();
    const pair = await issue(authority, subject, validity);
    const [leaf, issuer] = [readIssued('leaf', pair), readIssued('ca', authority)];
    if (!leaf || !issuer) return expect.fail();
    expect(isSignedBy(leaf, issuer)).toBe(true);
    expect(leaf.x509.keyUsage).toEqual([usage]);
    expect(leaf.x509.ca).toBe(false);
    expect(subjectOf(leaf.x509)).toEqual({ CN: 'droptailer', O: subject.organization });
    const addresses = ['10.0.0.1', 'FD00:0:0:0:0:0:0:1', '0:0:0:0:0:FFFF:A00:1'].map((ip) => `IP Address:${ip}`);
    expect(leaf.x509.subjectAltName).toBe(['DNS:droptailer', ...addresses].join(', '));
    expect([leaf.x509.validFromDate.getTime(), leaf.validUntil]).toEqual([from - 3_600_000, until]);
  });

  it('names it byte for byte: Go compares names so', async () => {
    const authority = await make();
    const { cert } = await issueServer(authority, subject, validity);
    const [leaf, issuer] = [new library.X509Certificate(cert), new library.X509Certificate(authority.cert)];
    expect(Buffer.from(leaf.issuerName.toArrayBuffer())).toEqual(Buffer.from(issuer.subjectName.toArrayBuffer()));
  });
});

it('leaves out what a client has no names for', async () => {
  const authority = await issueAuthority('ca', validity);
  const { cert } = await issueClient(authority, { commonName: 'client', hosts: [] }, validity);
  expect(new X509Certificate(cert).subjectAltName).toBeUndefined();
  expect(new X509Certificate(cert).subject).toBe('CN=client');
});
