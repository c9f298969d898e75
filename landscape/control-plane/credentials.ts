import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Authority, createAuthority, createSigningKey, type KeyPair } from '../pki/authority.ts';

interface KeyPairFiles {
  readonly cert: string;
  readonly key: string;
}

export type ClusterName = 'garden' | 'shoot';

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
  readonly apiServer: Readonly<Record<ClusterName, KeyPairFiles>>;
  readonly gardenerApiServer: KeyPairFiles;
  readonly controllerManager: KeyPairFiles;
  /** Of the proxy through which API servers reach Services, and of the only client that it serves. */
  readonly serviceProxy: { readonly server: KeyPair; readonly client: KeyPairFiles; readonly ca: string };
  readonly frontProxy: KeyPairFiles;
  readonly serviceAccountKey: string;
  readonly serviceAccountPublicKey: string;
  readonly workloadIdentityKey: string;
}

const LOCAL = ['127.0.0.1', '::1', 'localhost'];
const apiServerNames = [...LOCAL, 'kubernetes.default.svc'];

/**
 * Issues it all into `dir`. etcd, the front proxy and the proxy of Services have authorities of their own: a client
 * certificate of the API servers must open none of them, nor speak for another user. Each server has a name of its own in
 * its certificate, by which a probe knows it: two that pick the same port must not be taken for each other.
 */
export async function createCredentials(dir: string): Promise<Credentials> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const [authority, etcdAuthority, frontProxyAuthority, egressAuthority] = await Promise.all([
    createAuthority('landscape'),
    createAuthority('landscape-etcd'),
    createAuthority('landscape-front-proxy'),
    createAuthority('landscape-egress'),
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
    etcd: await pair('etcd', etcdAuthority.server('etcd', [...LOCAL, 'etcd'])),
    etcdClient: await pair('etcd-client', etcdClient),
    etcdClientPem: { ...etcdClient, ca: etcdAuthority.cert },
    apiServer: {
      garden: await pair('garden', authority.server('garden', [...apiServerNames, 'garden', '10.0.0.1'])),
      shoot: await pair('shoot', authority.server('shoot', [...apiServerNames, 'shoot', '10.1.0.1'])),
    },
    gardenerApiServer: await pair(
      'gardener-apiserver',
      authority.server('gardener-apiserver', [...LOCAL, 'gardener-apiserver', 'gardener-apiserver.garden.svc']),
    ),
    controllerManager: await pair(
      'kube-controller-manager',
      authority.server('kube-controller-manager', [...LOCAL, 'kube-controller-manager']),
    ),
    serviceProxy: {
      server: await authority.server('service-proxy', LOCAL),
      client: await pair('service-proxy-client', egressAuthority.client('apiserver')),
      ca: egressAuthority.cert,
    },
    frontProxy: await pair('front-proxy', frontProxyAuthority.client('front-proxy')),
    serviceAccountKey: await file('service-account.key', serviceAccount.key),
    serviceAccountPublicKey: await file('service-account.pub', serviceAccount.publicKey),
    workloadIdentityKey: await file('workload-identity.key', (await createSigningKey()).key),
  };
}
