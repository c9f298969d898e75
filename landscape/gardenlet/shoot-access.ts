import { Buffer } from 'node:buffer';
import { dump } from 'js-yaml';
import type { ConfigMap, Secret } from './resources.ts';

/** The API server of the Shoots of this landscape: they share one. */
export interface ShootApi {
  /** `https://host:port` as this machine reaches it. */
  readonly server: string;
  /** PEM of the authority that signed its certificate. */
  readonly ca: string;
  /** Kubeconfig of an admin, YAML. */
  readonly kubeconfig: string;
  /** What nodes and firewalls call it by: values of the DNSRecord. */
  readonly addresses: readonly string[];
}

/** Whoever runs the API servers of Shoots, and gardener-resource-manager for them. */
export interface ControlPlanes {
  /** Undefined where a Shoot can have none: then only its Infrastructure is deployed. */
  acquire(namespace: string): Promise<ShootApi | undefined>;
  release(namespace: string): Promise<void>;
}

/** Name of the Secret with the kubeconfig of all components; its token is a file that they mount beside it. */
export const genericKubeconfigSecret = 'generic-token-kubeconfig-e3b0c442';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Where firewalls reach the seed: they want a name, not an address (metal-provider 3.3). */
export function seedApiServer(server: string): ConfigMap {
  const url = server.replace('127.0.0.1', 'localhost');
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'seed-api-server', namespace: 'garden' },
    data: { url },
  };
}

/** Where Gardener mounts the kubeconfig and the token; the path stands in the kubeconfig (gardener-contract 3.4). */
const tokenFile = '/var/run/secrets/gardener.cloud/shoot/generic-kubeconfig/token';

/** In the cluster network the API server of a Shoot is the Service `kube-apiserver`. */
export function genericKubeconfig(namespace: string, { ca }: ShootApi): Secret {
  const name = 'shoot';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: 'https://kube-apiserver', 'certificate-authority-data': base64(ca) } }],
    users: [{ name, user: { tokenFile } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  return { ...kubeconfigSecret(namespace, genericKubeconfigSecret, dump(config)), immutable: true };
}

/** The kubeconfig with which an extension itself calls the Shoot. */
export const internalKubeconfig = (namespace: string, { kubeconfig }: ShootApi): Secret =>
  kubeconfigSecret(namespace, 'gardener-internal', kubeconfig);

function kubeconfigSecret(namespace: string, name: string, kubeconfig: string): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'Opaque',
    data: { kubeconfig: base64(kubeconfig) },
  };
}
