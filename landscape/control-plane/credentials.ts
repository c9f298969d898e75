import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Authority, createAuthority, createSigningKey, type KeyPair } from '../pki/authority.ts';

export interface KeyPairFiles {
  readonly cert: string;
  readonly key: string;
}

/** Everything that the control plane trusts and proves itself with; paths are absolute. */
export interface Credentials {
  readonly authority: Authority;
  readonly admin: KeyPair;
  readonly ca: string;
  readonly etcdCa: string;
  readonly frontProxyCa: string;
  readonly etcd: KeyPairFiles;
  readonly etcdClient: KeyPairFiles;
  readonly etcdClientPem: KeyPair & { readonly ca: string };
  readonly apiServer: KeyPairFiles;
  readonly gardenerApiServer: KeyPairFiles;
  readonly frontProxy: KeyPairFiles;
  readonly serviceAccountKey: string;
  readonly serviceAccountPublicKey: string;
  readonly workloadIdentityKey: string;
}

const LOCAL = ['127.0.0.1', '::1', 'localhost'];

/**
 * Issues it all into `dir`. etcd and the front proxy have authorities of their own: a client certificate of the API
 * servers must open neither etcd nor speak for another user.
 */
export async function createCredentials(dir: string): Promise<Credentials> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const [authority, etcdAuthority, frontProxyAuthority] = await Promise.all([
    createAuthority('landscape'),
    createAuthority('landscape-etcd'),
    createAuthority('landscape-front-proxy'),
  ]);
  const file = async (name: string, content: string): Promise<string> => {
    const path = join(dir, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const pair = async (name: string, issued: KeyPair | Promise<KeyPair>): Promise<KeyPairFiles> => {
    const { cert, key } = await issued;
    return { cert: await file(`${name}.crt`, cert), key: await file(`${name}.key`, key) };
  };
  const serviceAccount = await createSigningKey();
  const etcdClient = await etcdAuthority.client('apiserver');
  return {
    authority,
    admin: await authority.client('admin', ['system:masters']),
    ca: await file('ca.crt', authority.cert),
    etcdCa: await file('etcd-ca.crt', etcdAuthority.cert),
    frontProxyCa: await file('front-proxy-ca.crt', frontProxyAuthority.cert),
    etcd: await pair('etcd', etcdAuthority.server('etcd', LOCAL)),
    etcdClient: await pair('etcd-client', etcdClient),
    etcdClientPem: { ...etcdClient, ca: etcdAuthority.cert },
    apiServer: await pair(
      'kube-apiserver',
      authority.server('kube-apiserver', [...LOCAL, 'kubernetes.default.svc', '10.0.0.1', '10.1.0.1']),
    ),
    gardenerApiServer: await pair(
      'gardener-apiserver',
      authority.server('gardener-apiserver', [...LOCAL, 'gardener-apiserver.garden.svc']),
    ),
    frontProxy: await pair('front-proxy', frontProxyAuthority.client('front-proxy')),
    serviceAccountKey: await file('service-account.key', serviceAccount.key),
    serviceAccountPublicKey: await file('service-account.pub', serviceAccount.publicKey),
    workloadIdentityKey: await file('workload-identity.key', (await createSigningKey()).key),
  };
}
