import type { Deployment } from '../pods/deployment.ts';

/** The Deployment of a Shoot's API server, as far as extensions look at it. */
export function kubeApiServer(namespace: string, replicas: number): Deployment {
  const labels = { app: 'kubernetes', role: 'apiserver' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'kube-apiserver', namespace, labels: { ...labels, 'gardener.cloud/role': 'controlplane' } },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'kube-apiserver', image: 'registry.k8s.io/kube-apiserver:v1.35.4' }] },
      },
    },
  };
}
