import { expect, test } from 'vitest';
import { type ClusterState, noCluster } from './cluster-state.ts';
import { ofCluster, outcomeOf } from './outcome.ts';
import { nextSteps, shootTable } from './report.ts';

const state = {
  networks: [
    { id: 'mine', prefixes: ['10.0.0.0/22'], labels: { 'cluster.metal-stack.io/id': 'u1' }, vrf: 7 },
    { id: 'other', prefixes: ['10.0.4.0/22'], labels: { 'cluster.metal-stack.io/id': 'u10' } },
    { id: 'internet', prefixes: ['203.0.113.0/24'] },
  ],
  ips: [
    { ipaddress: '203.0.113.1', networkid: 'internet', type: 'static', tags: ['cluster.metal-stack.io/id/egress=u1'] },
    {
      ipaddress: '203.0.113.2',
      networkid: 'internet',
      type: 'ephemeral',
      tags: ['cluster.metal-stack.io/id/namespace/service=u1/default/web'],
    },
    { ipaddress: '203.0.113.3', networkid: 'internet', type: 'static', tags: ['cluster.metal-stack.io/id/egress=u10'] },
    { ipaddress: '203.0.113.4', networkid: 'internet', type: 'static', tags: ['owner=u1'] },
    { ipaddress: '203.0.113.5', networkid: 'internet', type: 'static' },
  ],
  machines: [
    { id: 'm1', sizeid: 'c1', tags: ['cluster.metal-stack.io/id=u1'], allocation: { role: 'machine' } },
    { id: 'f1', sizeid: 'n1', tags: ['cluster.metal-stack.io/id=u1'], allocation: { role: 'firewall' } },
    { id: 'm2', sizeid: 'c1', tags: [] },
  ],
};

test('only what is tagged with the whole uid belongs to the cluster', () => {
  const metal = ofCluster(state, 'u1');
  expect(metal.networks.map(({ id }) => id)).toEqual(['mine']);
  expect(metal.ips.map(({ ipaddress }) => ipaddress)).toEqual(['203.0.113.1', '203.0.113.2']);
  expect(metal.machines.map(({ id }) => id)).toEqual(['m1']);
  expect(metal.firewalls.map(({ id }) => id)).toEqual(['f1']);
});

const shoot = {
  metadata: { name: 'example', uid: 'u1' },
  spec: { provider: { type: 'metal' }, region: 'fra' },
  status: { technicalID: 'shoot--local--example' },
};

const cluster: ClusterState = {
  managedResources: [{ name: 'extension-controlplane-seed', healthy: true }],
  loadBalancer: { kind: 'metallb', defaultNetwork: 'internet' },
  firewall: {
    image: 'firewall-3',
    networks: ['internet', 'mine'],
    egress: ['internet from 203.0.113.1'],
    rateLimits: ['internet 100 MiB/s'],
    ready: '1 of 1 ready',
  },
  policies: [{ name: 'allow-to-dns', allows: ['UDP 53 to 0.0.0.0/0'] }],
  machineDeployments: [{ name: 'pool', replicas: 2, available: 1, class: 'pool-abcde' }],
  nodes: [{ name: 'node', ready: false }],
};

test('a ready Shoot in the table', () => {
  const spec = { type: 'metal', region: 'fra', secretRef: { name: 'cloudprovider' } };
  const infrastructure = { metadata: { name: 'example' }, spec, status: { nodesCIDR: '10.0.0.0/22' } };
  const outcome = outcomeOf(shoot, infrastructure, state, cluster, { shoot: 'garden-local/example', seconds: 1.5 });
  expect(outcome).toMatchObject({ ready: true, infrastructure: { nodesCIDR: '10.0.0.0/22', egressCIDRs: [] } });
  expect(outcome).not.toHaveProperty('reason');
  expect(shootTable(outcome)).toMatch(/nodes network +10\.0\.0\.0\/22\n.*mine +10\.0\.0\.0\/22 .*203\.0\.113\.2/s);
  for (const line of [
    /firewall +firewall-3 {2}1 of 1 ready/,
    /networks +internet, mine/,
    /lets through +allow-to-dns: UDP 53 to 0\.0\.0\.0\/0/,
    /load balancer +metallb, addresses from internet/,
    /machine pools +pool {2}1 of 2 available {2}class pool-abcde/,
    /nodes +node {2}NotReady/,
    /delivered +extension-controlplane-seed {2}healthy/,
  ]) {
    expect(shootTable(outcome)).toMatch(line);
  }
});

test('a Shoot that came to nothing', () => {
  const empty = { networks: [], ips: [], machines: [] };
  const outcome = outcomeOf(undefined, undefined, empty, noCluster, { shoot: 'a/b', seconds: 2, reason: 'no' });
  expect(outcome).toEqual({
    shoot: 'a/b',
    technicalID: '',
    ready: false,
    cluster: noCluster,
    reason: 'no',
    seconds: 2,
    infrastructure: { nodesCIDR: null, egressCIDRs: [] },
    metal: { networks: [], ips: [], machines: [], firewalls: [] },
  });
  expect(shootTable(outcome)).toContain('not ready');
});

test('the commands to try name kubectl, the kubeconfig and the namespaces', () => {
  const text = nextSteps({
    dir: '.landscape',
    example: 'example',
    metalControl: 'http://127.0.0.1:1/_simulator',
    namespace: 'garden-local',
    technicalID: 'shoot--local--example',
  });
  expect(text).toContain(
    '.landscape/kubectl --kubeconfig .landscape/garden.kubeconfig apply -f example/shoot-ipv6.yaml',
  );
  expect(text).toContain('-n shoot--local--example get infrastructure');
});
