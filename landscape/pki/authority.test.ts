import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { createAuthority } from './authority.ts';
import { kubeconfig, writeKubeconfig } from './kubeconfig.ts';

test('a server certificate is for its addresses and names, and signed by the authority', async () => {
  const authority = await createAuthority('ca');
  const { cert, key } = await authority.server('api', ['127.0.0.1', '::1', 'localhost', 'api.garden.svc']);
  const certificate = new X509Certificate(cert);
  expect(certificate.verify(new X509Certificate(authority.cert).publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkIP('::1')).toBe('::1');
  expect(certificate.checkHost('api.garden.svc')).toBe('api.garden.svc');
  expect(certificate.checkHost('elsewhere')).toBeUndefined();
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
});

test.each([
  ['admin', ['system:masters'], 'CN=admin\nO=system:masters'],
  ['system:serviceaccount:garden:x', ['a', 'b'], 'CN=system:serviceaccount:garden:x\nO=a\nO=b'],
  ['comma, plus +', [], 'CN=comma\\, plus \\+'],
])('a client certificate for %s', async (user, groups, subject) => {
  const { cert } = await (await createAuthority('ca')).client(user, groups);
  expect(new X509Certificate(cert).subject).toBe(subject);
});

test('only the authority may sign', async () => {
  const authority = await createAuthority('ca');
  expect(new X509Certificate(authority.cert).ca).toBe(true);
  expect(new X509Certificate((await authority.client('x')).cert).ca).toBe(false);
});

test('a kubeconfig can be read by its owner only', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'pki-'));
  const client = { cert: 'cert', key: 'key' };
  const access = { server: 'https://127.0.0.1:6443', ca: 'ca', user: 'admin', client };
  const path = await writeKubeconfig(join(dir, 'garden.kubeconfig'), 'garden', access);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(load(kubeconfig('garden', access))).toMatchObject({
    'current-context': 'garden',
    clusters: [{ name: 'garden', cluster: { 'certificate-authority-data': 'Y2E=', server: access.server } }],
    users: [{ name: 'admin', user: { 'client-certificate-data': 'Y2VydA==', 'client-key-data': 'a2V5' } }],
  });
  await rm(dir, { recursive: true });
});
