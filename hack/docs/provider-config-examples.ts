/** An example for each kind in which every field is set that has an effect. */
const apiVersion = 'metal.provider.extensions.gardener.cloud/v1alpha1';

export const infrastructureConfigExample = {
  apiVersion,
  kind: 'InfrastructureConfig',
  partitionID: 'fra-equ01',
  projectID: '11111111-1111-4111-8111-111111111111',
  firewall: {
    size: 'n1-medium-x86',
    image: 'firewall-ubuntu-3.0.20260112',
    networks: ['internet'],
    rateLimits: [{ networkID: 'internet', rateLimit: 100 }],
    egressRules: [{ networkID: 'internet', ips: ['203.0.113.10'] }],
    logAcceptedConnections: false,
    controllerVersion: 'auto',
    autoUpdateMachineImage: true,
    firewallHealthTimeout: '20m',
    firewallCreateTimeout: '45m',
  },
};

export const controlPlaneConfigExample = {
  apiVersion,
  kind: 'ControlPlaneConfig',
  cloudControllerManager: {
    featureGates: { CloudControllerManagerWebhook: false },
    defaultExternalNetwork: 'internet',
  },
  featureGates: { durosStorageEncryption: false, disableCsiLvm: false },
  customDefaultStorageClass: { className: 'csi-lvm' },
  networkAccessType: 'baseline',
};

export const cloudProfileConfigExample = {
  apiVersion,
  kind: 'CloudProfileConfig',
  metalControlPlanes: {
    prod: {
      endpoint: 'https://api.metal.example.com/metal',
      firewallImages: ['firewall-ubuntu-3.0.20260112'],
      firewallControllerVersions: [
        {
          version: 'v2.5.0',
          url: 'https://images.metal-stack.io/firewall-controller/v2.5.0/firewall-controller',
          classification: 'supported',
        },
      ],
      nftablesExporter: {
        version: 'v0.3.2',
        url: 'https://images.metal-stack.io/nftables-exporter/v0.3.2/nftables-exporter',
      },
      partitions: {
        'fra-equ01': {
          firewallTypes: ['n1-medium-x86'],
          networkIsolation: {
            allowedNetworks: { ingress: ['10.0.0.0/8'], egress: ['198.51.100.0/24'] },
            dnsServers: ['198.51.100.1', '198.51.100.2'],
            ntpServers: ['198.51.100.3'],
            registryMirrors: [
              {
                name: 'mirror',
                endpoint: 'https://mirror.example.com',
                ip: '198.51.100.4',
                port: 443,
                mirrorOf: ['docker.io', 'ghcr.io'],
              },
            ],
          },
        },
      },
    },
  },
};

export const controllerConfigurationExample = {
  apiVersion: 'metal.provider.extensions.config.gardener.cloud/v1alpha1',
  kind: 'ControllerConfiguration',
  clientConnection: { qps: 100, burst: 130 },
  machineImages: [{ name: 'ubuntu', version: '24.4.20260114', image: 'ubuntu-24.4.20260114' }],
  firewallInternalPrefixes: ['10.0.0.0/8'],
  etcd: {
    storage: { className: 'fast', capacity: '25Gi' },
    backup: { schedule: '0 */24 * * *', deltaSnapshotPeriod: '5m' },
    isEvictionAllowed: false,
  },
  healthCheckConfig: { syncPeriod: '30s', shootRESTOptions: { qps: 50, burst: 60, timeout: '10s' } },
  storage: {
    duros: {
      enabled: true,
      partitionConfig: {
        'fra-equ01': {
          endpoints: ['10.131.252.10:443'],
          adminKey: '...',
          adminToken: '...',
          storageClasses: [{ name: 'partition-gold', replicaCount: 3, compression: true, encryption: false }],
          apiEndpoint: 'duros.example.com:443',
        },
      },
    },
  },
  imagePullPolicy: 'IfNotPresent',
  networkPolicies: {
    ingressController: { namespace: 'ingress-nginx', podSelector: { 'app.kubernetes.io/name': 'ingress-nginx' } },
  },
};
