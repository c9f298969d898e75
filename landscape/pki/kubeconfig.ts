import { writeFile } from 'node:fs/promises';
import { dump } from 'js-yaml';
import type { KeyPair } from './authority.ts';

export interface Access {
  /** `https://host:port` */
  readonly server: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  readonly user: string;
  readonly client: KeyPair;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A kubeconfig with one context, certificates inline. */
export function kubeconfig(cluster: string, { server, ca, user, client }: Access): string {
  return dump({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': cluster,
    clusters: [{ name: cluster, cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [
      { name: user, user: { 'client-certificate-data': base64(client.cert), 'client-key-data': base64(client.key) } },
    ],
    contexts: [{ name: cluster, context: { cluster, user } }],
  });
}

/** Written for the owner's eyes only: it holds a private key. */
export async function writeKubeconfig(path: string, cluster: string, access: Access): Promise<string> {
  await writeFile(path, kubeconfig(cluster, access), { mode: 0o600 });
  return path;
}
