/** The shoot that a gardener-resource-manager serves. */
export interface ServedShoot {
  /** Path of the kubeconfig of its API server, as the admin. */
  readonly kubeconfig: string;
  /** Its control-plane namespace in the seed: the only one that is looked at. */
  readonly namespace: string;
}

export interface ConfigurationInput {
  /** Path of the kubeconfig of the seed. */
  readonly seed: string;
  readonly shoot?: ServedShoot | undefined;
  readonly ports: { readonly health: number; readonly metrics: number; readonly webhooks: number };
  /** Has tls.crt and tls.key. */
  readonly certDir: string;
}

const bindAddress = '127.0.0.1';

/**
 * A ResourceManagerConfiguration like the one that gardenlet writes, without what needs nodes. For the seed: class `seed`,
 * and the seed is source and target. For a shoot: no class, and the tokens of its access Secrets (gardener-contract 3.4).
 */
export function configuration({ seed, shoot, ports, certDir }: ConfigurationInput): object {
  return {
    apiVersion: 'resourcemanager.config.gardener.cloud/v1alpha1',
    kind: 'ResourceManagerConfiguration',
    sourceClientConnection: { kubeconfig: seed, ...(shoot ? { namespaces: [shoot.namespace] } : {}) },
    targetClientConnection: { kubeconfig: shoot?.kubeconfig ?? seed },
    leaderElection: { leaderElect: false },
    logFormat: 'text',
    server: {
      healthProbes: { bindAddress, port: ports.health },
      metrics: { bindAddress, port: ports.metrics },
      webhooks: { bindAddress, port: ports.webhooks, tls: { serverCertDir: certDir } },
    },
    controllers: {
      clusterID: shoot?.namespace ?? 'seed',
      ...(shoot ? {} : { resourceClass: 'seed' }),
      managedResource: { concurrentSyncs: 10, syncPeriod: '1m' },
      health: { concurrentSyncs: 10, syncPeriod: '15s' },
      garbageCollector: { enabled: true, syncPeriod: '12h' },
      tokenRequestor: { enabled: shoot !== undefined },
    },
  };
}
