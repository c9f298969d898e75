interface ValueSet {
  readonly what: string;
  readonly values: object;
}

const resources = { requests: { cpu: '100m', memory: '200Mi' }, limits: { memory: '1Gi' } };

/** What operators set. */
export const valueSets: Readonly<Record<'controllers' | 'runtime' | 'admission', readonly ValueSet[]>> = {
  controllers: [
    { what: 'nothing', values: {} },
    {
      what: 'as gardenlet gives them',
      values: {
        gardener: { version: '1.145.0', seed: { name: 'seed', provider: 'metal', labels: {} }, gardenlet: {} },
        usablePorts: [30_001, 30_002, 30_003, 30_004, 30_005],
      },
    },
    {
      what: 'one replica, everything optional off',
      values: {
        replicaCount: 1,
        resources: {},
        vpa: { enabled: false },
        metrics: { enableScraping: false, prometheusRule: { enabled: false }, dashboards: { enabled: false } },
      },
    },
    { what: 'no configuration', values: { config: null, resources: null, imageVectorOverwrite: null } },
    {
      what: 'nulls as the chart of the Go extension has them',
      values: { config: { storage: null, networkPolicies: null, imagePullSecret: { encodedDockerConfigJSON: null } } },
    },
    {
      what: 'everything',
      values: {
        image: { repository: 'registry.example.com/espalier', tag: `sha256:${'0'.repeat(64)}`, pullPolicy: 'Always' },
        imagePullSecrets: [{ name: 'registry' }],
        replicaCount: 3,
        resources,
        logLevel: 'debug',
        logFormat: 'text',
        env: [{ name: 'HTTPS_PROXY', value: 'http://proxy.example.com:3128' }],
        controllers: {
          infrastructure: { concurrentSyncs: 10 },
          heartbeat: { renewIntervalSeconds: 10 },
          ignoreOperationAnnotation: true,
        },
        disableControllers: ['heartbeat', 'healthcheck'],
        disableWebhooks: ['shoot', 'extensions.validator'],
        metricsPort: 9090,
        metrics: { serviceMonitor: { enabled: true } },
        imageVectorOverwrite: 'images:\n- name: metalccm\n  repository: registry.example.com/metal-ccm\n  tag: v1\n',
        config: {
          clientConnection: { qps: 5.5, burst: 1_000_000 },
          machineImages: [{ name: 'ubuntu', version: '24.04', image: 'ubuntu-24.04' }],
          etcd: { storage: { className: null, capacity: '25Gi' }, backup: { schedule: null }, isEvictionAllowed: true },
          healthCheckConfig: { syncPeriod: '1m' },
          storage: {
            duros: {
              enabled: true,
              partitionConfig: {
                'fra-equ01': { endpoints: ['10.0.0.1:443'], adminKey: 'k', adminToken: 't', apiEndpoint: 'a:443' },
              },
            },
          },
          networkPolicies: { enabled: true, ingressController: { namespace: 'ingress', podSelector: null } },
        },
      },
    },
  ],
  runtime: [
    { what: 'nothing', values: {} },
    {
      what: 'as gardener-operator gives them',
      values: {
        gardener: {
          runtimeCluster: { priorityClassName: 'gardener-garden-system-400' },
          virtualCluster: { enabled: true, namespace: 'extension-provider-metal' },
        },
      },
    },
    {
      what: 'everything',
      values: {
        replicaCount: 1,
        resources,
        kubeconfig: 'apiVersion: v1',
        webhookConfig: { serverPort: 8443, servicePort: 8443 },
        defaulter: { allowedPrivilegedContainers: null, maxPods: 250, nodeCIDRMaskSize: '24', networkType: 'cilium' },
        metrics: {
          ...{ serviceMonitor: { enabled: true }, prometheusRule: { enabled: true }, dashboards: { enabled: true } },
        },
        service: { topologyAwareRouting: { enabled: true } },
        vpa: { enabled: false },
      },
    },
    { what: 'a mounted kubeconfig', values: { projectedKubeconfig: { baseMountPath: '/var/run/garden' } } },
  ],
  admission: [
    { what: 'nothing', values: {} },
    {
      what: 'the pods, and the garden elsewhere',
      values: {
        application: { enabled: false },
        runtime: { kubeconfig: 'apiVersion: v1', gardener: { virtualCluster: { enabled: true } } },
      },
    },
    {
      what: 'the garden, and the pods elsewhere',
      values: { runtime: { enabled: false }, application: { gardener: { virtualCluster: { enabled: true } } } },
    },
  ],
};
