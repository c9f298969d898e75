import { describe, expect, test } from 'vitest';
import { cloudProfileConfig, strictCloudProfileConfig } from './cloud-profile-config.ts';
import { type ControlPlaneConfig, controlPlaneConfig, strictControlPlaneConfig } from './control-plane-config.ts';
import { decodeControllerConfiguration } from './controller-configuration.ts';
import { infrastructureConfig, strictInfrastructureConfig } from './infrastructure-config.ts';
import { infrastructureStatus } from './infrastructure-status.ts';
import { type WorkerStatus, workerStatus } from './worker-status.ts';

const config = {
  apiVersion: 'metal.provider.extensions.gardener.cloud/v1alpha1',
  kind: 'InfrastructureConfig',
  firewall: {
    size: 'n1-medium-x86',
    networks: ['internet'],
    rateLimits: null,
    egressRules: [{ networkID: 'internet', ips: null }],
    firewallHealthTimeout: null,
    logAcceptedConnections: false,
  },
  partitionID: 'fra-equ01',
  projectID: 'p',
};

describe('nulls', () => {
  test('are absent at any depth', () => {
    expect(strictInfrastructureConfig.parse(config)).toEqual({
      apiVersion: config.apiVersion,
      kind: 'InfrastructureConfig',
      firewall: {
        size: 'n1-medium-x86',
        networks: ['internet'],
        egressRules: [{ networkID: 'internet' }],
        logAcceptedConnections: false,
      },
      partitionID: 'fra-equ01',
      projectID: 'p',
    });
  });

  test.each([
    [controlPlaneConfig, { cloudControllerManager: { defaultExternalNetwork: null }, featureGates: null }],
    [infrastructureStatus, { firewall: null }],
    [workerStatus, { machineImages: null }],
    [cloudProfileConfig, { metalControlPlanes: null }],
  ])('are accepted in every kind (%#)', (schema, value) => {
    expect(schema.safeParse(value).success).toBe(true);
  });

  test('inside a list are not dropped', () => {
    expect(infrastructureConfig.safeParse({ firewall: { networks: [null] } }).success).toBe(false);
  });
});

describe('unknown fields', () => {
  test('are dropped by controllers and refused by admission, at any depth', () => {
    const value = { partitionID: 'z', firewall: { rateLimits: [{ networkID: 'n', rate: 1 }] }, more: 1 };
    expect(infrastructureConfig.parse(value)).toEqual({
      partitionID: 'z',
      firewall: { rateLimits: [{ networkID: 'n' }] },
    });
    const issues = strictInfrastructureConfig.safeParse(value).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.join('.'))).toEqual(['firewall.rateLimits.0', '']);
  });

  test('of a ControlPlaneConfig', () => {
    const value: ControlPlaneConfig = controlPlaneConfig.parse({ networkAccessType: 'baseline', more: 1 });
    expect(value).toEqual({ networkAccessType: 'baseline' });
    expect(strictControlPlaneConfig.safeParse({ networkAccessType: 'baseline', more: 1 }).success).toBe(false);
  });

  test('of a status are dropped', () => {
    const value: WorkerStatus = workerStatus.parse({ machineImages: [{ name: 'ubuntu', more: 1 }], more: 1 });
    expect(value).toEqual({ machineImages: [{ name: 'ubuntu' }] });
  });

  test('of a partition are refused by admission', () => {
    const value = { metalControlPlanes: { one: { partitions: { z: { firewallType: [] } } } } };
    expect(cloudProfileConfig.safeParse(value).success).toBe(true);
    expect(strictCloudProfileConfig.safeParse(value).success).toBe(false);
  });
});

describe('ControllerConfiguration', () => {
  test.each([undefined, null, {}])('an empty file is an empty configuration (%s)', (file) => {
    expect(decodeControllerConfiguration(file)).toEqual({ config: {}, unknownFields: [] });
  });

  test('unknown fields are told with their paths', () => {
    const file = {
      machineImages: [{ name: 'ubuntu', version: '24.4', imageID: 'ubuntu-24.4' }],
      etcd: { storage: { capacity: 33 } },
      storage: { duros: { partitionConfig: { 'fra-equ01': { endpoint: '10.0.0.1:443' } } } },
      more: true,
    };
    expect(decodeControllerConfiguration(file)).toMatchObject({
      config: { machineImages: [{ name: 'ubuntu', version: '24.4' }], etcd: { storage: { capacity: 33 } } },
      unknownFields: ['machineImages[0].imageID', 'storage.duros.partitionConfig.fra-equ01.endpoint', 'more'],
    });
  });

  test('a wrong type is an error', () => {
    expect(() => decodeControllerConfiguration({ machineImages: 'ubuntu' })).toThrow(/machineImages/);
    expect(() => decodeControllerConfiguration('text')).toThrow();
    expect(() => decodeControllerConfiguration({ kind: 'Shoot' })).toThrow(/kind/);
  });
});

test.each(['text', 7, true, [], { firewall: 'x' }, { firewall: { networks: 'internet' } }, { partitionID: {} }])(
  'input of a wrong type is refused: %j',
  (value) => {
    expect(infrastructureConfig.safeParse(value).success).toBe(false);
  },
);
