import { expect, test } from 'vitest';
import type { Secret } from '../kube/secret.ts';
import { issueAuthority } from '../pki/issue.ts';
import { type CertificateFact, certificateFindings, certificateOf } from './certificates.ts';
import { day, namespace, now } from './fixtures.ts';

const fact = (from: number, until: number, fields: Partial<CertificateFact> = {}): CertificateFact => ({
  ...{ namespace, secret: 's', config: 'server', isAuthority: false },
  ...{ issuedAt: now + from * day, validUntil: now + until * day, ...fields },
});
const ca = { isAuthority: true };
const expired = 'CertificateExpired';
const due = 'CertificateNotRenewed';

test.each<[string, CertificateFact[], string[]]>([
  ['a new one', [fact(-1, 3649)], []],
  ['one that has just become due', [fact(-81, 19)], []],
  ['one that should have been renewed', [fact(-90, 10)], [due]],
  ['one that has expired', [fact(-90, -1)], [expired]],
  ['an expired one with a successor', [fact(-90, -1), fact(-20, 80, { secret: 't' })], []],
  ['expired ones of two configs', [fact(-90, -1), fact(-90, -1, { config: 'client' })], [expired, expired]],
  ['one config in two namespaces', [fact(-90, -1), fact(-20, 80, { namespace: 'other' })], [expired]],
  ['an authority in its last year', [fact(-3550, 100, ca)], []],
  ['an authority in its last days', [fact(-3645, 5, ca)], [due]],
  ['a webhook authority of thirty days', [fact(-23, 7, ca)], []],
  ['a webhook authority that is not renewed', [fact(-27, 3, ca)], [due]],
])('%s', (_, facts, expected) => {
  expect(certificateFindings(facts, now).map(({ kind }) => kind)).toEqual(expected);
});

test('a Secret is read without its key, and bundles and rubbish are passed over', async () => {
  const { cert, key } = await issueAuthority('ca', { from: now - day, until: now + day });
  const data = { 'ca.crt': btoa(cert), 'ca.key': btoa(key) };
  const metadata = { name: 'ca-1', namespace, labels: { name: 'ca' } };
  const read = certificateOf({ metadata, data });
  expect(read).toMatchObject({ secret: 'ca-1', config: 'ca', isAuthority: true, validUntil: now + day });
  const others: Secret[] = [
    { metadata, data: { 'bundle.crt': btoa(cert) } },
    { metadata, data: { 'tls.crt': btoa('rubbish'), 'tls.key': '' } },
    { metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' }, data },
    { metadata },
  ];
  expect(others.map(certificateOf)).toEqual([undefined, undefined, undefined, undefined]);
});
