import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../kube/object.ts';
import { credentials, facts, mutated, namespace, workload } from './fixtures.ts';
import { createMetalSeedMutations } from './mutations.ts';
import type { Workload } from './workload.ts';

const { controlPlane } = createMetalSeedMutations({
  machineController: { image: 'registry/mcm-metal:v1', command: [] },
});

/** The pod template after the mutation. */
function templateOf(object: KubeObject) {
  const template = (object as Workload).spec?.template;
  return { labels: template?.metadata?.labels, annotations: template?.metadata?.annotations, ...template?.spec };
}
const deployment = (object: KubeObject, known = facts()) =>
  templateOf(mutated(controlPlane, 'Deployment', object, known));
const checksum = expect.stringMatching(/^[0-9a-f]{64}$/);

describe('kube-apiserver', () => {
  const container = (parts: object) => workload('kube-apiserver', [{ name: 'kube-apiserver', ...parts }]);
  const gone = ['--cloud-provider=external', '--cloud-config=/etc/x'];

  test.each([
    ['args', { command: ['/usr/local/bin/kube-apiserver'], args: ['--a=b', ...gone] }],
    ['command', { command: ['/usr/local/bin/kube-apiserver', '--a=b', ...gone] }],
  ])('has no cloud provider in its %s', (_, parts) => {
    const [server] = deployment(container(parts)).containers ?? [];
    expect([...(server?.command ?? []), ...(server?.args ?? [])]).toEqual(['/usr/local/bin/kube-apiserver', '--a=b']);
  });

  test.each([
    ['1.30.9', ['--enable-admission-plugins=A', '--disable-admission-plugins=B,PersistentVolumeLabel']],
    ['1.31.0', ['--enable-admission-plugins=A,PersistentVolumeLabel', '--disable-admission-plugins=B']],
    ['', ['--enable-admission-plugins=A,PersistentVolumeLabel', '--disable-admission-plugins=B']],
  ])('of Kubernetes %s labels no volumes', (version, expected) => {
    const args = ['--enable-admission-plugins=A,PersistentVolumeLabel', '--disable-admission-plugins=B'];
    const [server] = deployment(container({ command: ['kube-apiserver'], args }), facts({ version })).containers ?? [];
    expect(server?.args).toEqual(expected);
  });

  test('rolls with the credentials, and can do without', () => {
    expect(deployment(container({})).annotations).toEqual({ 'checksum/secret-cloudprovider': checksum });
    const workerless = deployment(container({}), { namespace });
    expect(workerless.annotations).toBeUndefined();
  });

  test('tells VPN clients the node networks that gardenlet does not know yet', () => {
    const clients = ['vpn-client-0', 'vpn-path-controller', 'vpn-seed', 'other'].map((name) => ({
      name,
      env: name.startsWith('vpn-') && name !== 'vpn-seed' ? [{ name: 'SHOOT_NODE_NETWORKS' }] : [],
    }));
    const known = { name: 'vpn-client-1', env: [{ name: 'SHOOT_NODE_NETWORKS', value: '10.0.0.0/8' }] };
    const { containers } = deployment(workload('kube-apiserver', [...clients, known]));
    const networks = '10.128.0.0/22,2001:db8::/64';
    expect(containers?.map(({ env }) => env)).toEqual([
      [{ name: 'SHOOT_NODE_NETWORKS', value: networks }],
      [{ name: 'SHOOT_NODE_NETWORKS', value: networks }],
      [{ name: 'NODE_NETWORK', value: networks }],
      [],
      known.env,
    ]);
  });
});

describe('kube-controller-manager', () => {
  test('leaves the cloud to metal-ccm', () => {
    const command = ['kcm', '--cloud-provider=', '--cloud-config=x', '--external-cloud-volume-plugin=y', '--v=2'];
    const result = deployment(workload('kube-controller-manager', [{ name: 'kube-controller-manager', command }]));
    expect(result.containers?.[0]?.command).toEqual(['kcm', '--cloud-provider=external', '--v=2']);
    expect(result.containers?.[0]).not.toHaveProperty('args');
    expect(result.labels).toMatchObject({
      app: 'kube-controller-manager',
      'networking.gardener.cloud/to-public-networks': 'allowed',
      'networking.gardener.cloud/to-private-networks': 'allowed',
      'networking.gardener.cloud/to-blocked-cidrs': 'allowed',
    });
    expect(result.annotations).toEqual({ 'checksum/secret-cloudprovider': checksum });
  });

  test('the checksum is that of the data, whatever its order', () => {
    const object = workload('kube-controller-manager', []);
    const twice = ['a', 'b'].map((first) => {
      const data = first === 'a' ? { a: 'YQ==', b: 'Yg==' } : { b: 'Yg==', a: 'YQ==' };
      return deployment(object, { ...facts(), credentials: data }).annotations;
    });
    expect(twice[0]).toEqual(twice[1]);
    expect(twice[0]).not.toEqual(deployment(object, { ...facts(), credentials }).annotations);
  });
});

test.each(['Deployment', 'StatefulSet'] as const)('vpn-seed-server as a %s knows the nodes', (kind) => {
  const object = workload('vpn-seed-server', [
    { name: 'vpn-seed-server', env: [{ name: 'SHOOT_NODE_NETWORKS', value: '' }] },
    { name: 'envoy-proxy' },
  ]);
  const { containers } = templateOf(mutated(controlPlane, kind, object));
  expect(containers).toEqual([
    { name: 'vpn-seed-server', env: [{ name: 'SHOOT_NODE_NETWORKS', value: '10.128.0.0/22,2001:db8::/64' }] },
    { name: 'envoy-proxy' },
  ]);
  expect(mutated(controlPlane, kind, object, { namespace })).toEqual(object);
});

describe('machine-controller-manager', () => {
  const name = 'machine-controller-manager-provider-metal';
  const object = workload('machine-controller-manager', [{ name: 'machine-controller-manager' }]);

  test('gets the driver for metal beside it, once', () => {
    const { containers } = deployment(object);
    expect(containers).toMatchObject([
      { name: 'machine-controller-manager' },
      {
        name,
        image: 'registry/mcm-metal:v1',
        args: expect.arrayContaining([
          `--namespace=${namespace}`,
          '--machine-health-timeout=10080m',
          '--target-kubeconfig=/var/run/secrets/gardener.cloud/shoot/generic-kubeconfig/kubeconfig',
        ]),
        volumeMounts: [{ name: 'kubeconfig', readOnly: true }],
      },
    ]);
  });

  test.each([
    [[], undefined],
    [
      ['machine-controller'],
      [{ name: 'POD_UID', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.uid' } } }],
    ],
  ])('knows its pod where it is ours: %j', (command, env) => {
    const mutations = createMetalSeedMutations({ machineController: { image: 'registry/mcm:v1', command } });
    const once = mutated(mutations.controlPlane, 'Deployment', object);
    expect(templateOf(once).containers?.[1]?.env).toEqual(env);
    expect(mutated(mutations.controlPlane, 'Deployment', once)).toEqual(once);
  });

  test('an old driver is replaced in its place, and defaults of the API server stay', () => {
    const stale = { name, image: 'registry/mcm-metal:v0', args: ['--old'] };
    const [first, second, ...rest] =
      deployment(workload('machine-controller-manager', [stale, { name: 'machine-controller-manager' }, stale]))
        .containers ?? [];
    expect([first, second?.name, rest]).toMatchObject([
      { name, image: 'registry/mcm-metal:v1' },
      'machine-controller-manager',
      [],
    ]);
    const defaulted = { ...first, terminationMessagePath: '/dev/termination-log' };
    const again = deployment(workload('machine-controller-manager', [defaulted]));
    expect(again.containers).toEqual([defaulted]);
  });

  test('of a self-hosted Shoot has no kubeconfig', () => {
    const { containers } = deployment(object, facts({ workers: [{ name: 'cp', controlPlane: {} }] }));
    expect(containers?.[1]?.args).toContain('--target-kubeconfig=none');
    expect(containers?.[1]).not.toHaveProperty('volumeMounts');
  });

  test.each([
    [undefined, []],
    [{ resourcePolicy: {} }, []],
    [
      { resourcePolicy: { containerPolicies: [{ containerName: '*', mode: 'Off' }] } },
      [{ containerName: '*', mode: 'Off' }],
    ],
  ])('is scaled with its driver: %j', (spec, others) => {
    const vpa = { metadata: { name: 'machine-controller-manager-vpa' }, spec } as KubeObject;
    const policy = { containerName: name, controlledValues: 'RequestsOnly' };
    expect(mutated(controlPlane, 'VerticalPodAutoscaler', vpa)).toMatchObject({
      spec: { resourcePolicy: { containerPolicies: [...others, policy] } },
    });
  });
});

describe('gardener-resource-manager', () => {
  const configMap = (text: string | undefined, more: object = {}) =>
    ({
      metadata: { name: 'gardener-resource-manager-1a2b' },
      data: { ...(text !== undefined && { 'config.yaml': text }) },
      ...more,
    }) as KubeObject;
  const text = (object: KubeObject) => (object as { data?: Record<string, string> }).data?.['config.yaml'];
  const config = 'kind: X\ntargetClientConnection:\n  namespaces:\n  - kube-system\n  - audit\n';
  const wanted = `${config}  - firewall\n  - metallb-system\n  - csi-lvm\n`;

  test('sees the namespaces of metal, once', () => {
    const once = mutated(controlPlane, 'ConfigMap', configMap(config));
    expect(text(once)).toBe(wanted);
    expect(mutated(controlPlane, 'ConfigMap', once)).toEqual(once);
  });

  test.each([
    ['without the key', undefined],
    ['without a connection', 'kind: X\n'],
    ['with an empty connection', 'targetClientConnection:\n'],
    ['with all namespaces', 'targetClientConnection: {namespaces: []}\n'],
    ['of a scalar', '5'],
    ['that is empty', ''],
  ])('%s stays as it is', (_, given) => {
    expect(mutated(controlPlane, 'ConfigMap', configMap(given))).toEqual(configMap(given));
  });

  test('an immutable ConfigMap keeps the text that another version wrote', () => {
    const other =
      '# by another version\ntargetClientConnection: {namespaces: [kube-system, audit, firewall, metallb-system, csi-lvm]}\n';
    const result = mutated(
      controlPlane,
      'ConfigMap',
      configMap(config),
      facts(),
      configMap(other, { immutable: true }),
    );
    expect(text(result)).toBe(other);
    const mutable = mutated(controlPlane, 'ConfigMap', configMap(config), facts(), configMap(other));
    expect(text(mutable)).toBe(wanted);
  });

  test('what is not YAML is told', () => {
    expect(() => mutated(controlPlane, 'ConfigMap', configMap('a: ['))).toThrow(
      /config\.yaml of the ConfigMap .* is not YAML/,
    );
  });
});

/** Go writes null for a list that is empty. */
test.each(['kube-apiserver', 'kube-controller-manager', 'vpn-seed-server', 'machine-controller-manager'])(
  '%s without containers is no trouble',
  (name) => {
    for (const spec of [undefined, {}, { template: {} }, { template: { spec: { containers: null } } }]) {
      const object = { metadata: { name }, spec } as unknown as KubeObject;
      expect(() => mutated(controlPlane, 'Deployment', object)).not.toThrow();
    }
  },
);
