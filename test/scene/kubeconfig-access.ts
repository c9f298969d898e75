import { load } from 'js-yaml';
import type { Access } from '../../landscape/pki/kubeconfig.ts';

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { name: string; user: { 'client-certificate-data': string; 'client-key-data': string } }[];
}

const text = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64').toString();

/** What a kubeconfig of the landscape says, for plain calls. */
export function kubeconfigAccess(kubeconfig: string): Access {
  const { clusters, users } = load(kubeconfig) as Kubeconfig;
  const [cluster] = clusters;
  const [user] = users;
  if (!cluster || !user) throw new Error('the kubeconfig has no cluster or no user');
  return {
    server: cluster.cluster.server,
    ca: text(cluster.cluster['certificate-authority-data']),
    user: user.name,
    client: { cert: text(user.user['client-certificate-data']), key: text(user.user['client-key-data']) },
  };
}
