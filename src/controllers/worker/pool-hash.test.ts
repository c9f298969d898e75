import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cluster } from '../../apis/extensions/cluster.ts';
import type { WorkerPool } from '../../apis/extensions/worker.ts';
import { inPlaceHash, poolHash } from './pool-hash.ts';
import { type ShootFacts, shootFacts } from './shoot-facts.ts';

const H = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
const none = { rolling: [], inPlace: [] };
const facts: ShootFacts = {
  kubernetesVersion: '1.33.2',
  criName: 'containerd',
  rotations: [],
  nodeLocalDNS: false,
  ipvs: false,
};
const pool: WorkerPool = {
  name: 'pool',
  minimum: 1,
  maximum: 2,
  machineType: 'c1-large',
  machineImage: { name: 'ubuntu', version: '24.04' },
};
const agent = { ...pool, nodeAgentSecretName: 'gardener-node-agent-pool-0123456789abcdef' };
const inPlace: WorkerPool = { ...agent, updateStrategy: 'AutoInPlaceUpdate', kubernetesVersion: '1.33.2' };

describe('poolHash of a rolling pool', () => {
  it('is known', () => {
    // sha256 of the sha256 of the text, both in hexadecimal; computed with coreutils.
    expect(poolHash({ pool: agent, hashData: none }, facts)).toBe('558a7');
  });

  it('is of the name of the node agent and what the provider adds', () => {
    const hashData = { rolling: ['a', 'b'], inPlace: ['ignored'] };
    const expected = H(H(agent.nodeAgentSecretName) + H('a') + H('b')).slice(0, 5);
    expect(poolHash({ pool: agent, hashData }, facts)).toBe(expected);
  });

  it('changes exactly when one of its inputs does', () => {
    const input = fc.record({
      nodeAgentSecretName: fc.constantFrom('agent-1', 'agent-2'),
      rolling: fc.array(fc.constantFrom('x', 'y', 'xy'), { maxLength: 2 }),
    });
    const irrelevant = fc.record({
      minimum: fc.nat(9),
      machineType: fc.string(),
      labels: fc.dictionary(fc.constantFrom('a', 'b'), fc.string()),
    });
    fc.assert(
      fc.property(input, irrelevant, input, irrelevant, (one, noise, other, otherNoise) => {
        const hash = ({ rolling, nodeAgentSecretName }: typeof one, more: object) =>
          poolHash({ pool: { ...pool, ...more, nodeAgentSecretName }, hashData: { rolling, inPlace: [] } }, facts);
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(hash(one, noise) === hash(other, otherNoise)).toBe(same);
      }),
    );
  });
});

describe('poolHash without a node agent', () => {
  const rotations = ['2026-01-02T03:04:05Z', '2026-02-03T04:05:06Z'];
  const times = ['2026-01-02 03:04:05 +0000 UTC', '2026-02-03 04:05:06 +0000 UTC'];
  const base = ['1.33', 'c1-large', 'ubuntu24.04'];
  const config = { b: '<&>', a: [1] };
  const cases: [string, Partial<WorkerPool>, Partial<ShootFacts>, string[]][] = [
    ['the least', {}, { criName: undefined }, base],
    ['of the Shoot', {}, {}, [...base, 'containerd']],
    ['its own version', { kubernetesVersion: '1.34.0' }, {}, ['1.34', 'c1-large', 'ubuntu24.04', 'containerd']],
    ['a volume', { volume: { size: '50Gi', type: 'ssd' } }, {}, [...base, '50Gi', 'ssd', 'containerd']],
    ['a volume without a type', { volume: { size: '50Gi' } }, {}, [...base, '50Gi', 'containerd']],
    [
      'a provider config',
      { providerConfig: config },
      {},
      [...base, '{"b":"\\u003c\\u0026\\u003e","a":[1]}', 'containerd'],
    ],
    ['rotations', {}, { rotations }, [...base, 'containerd', ...times]],
    ['node-local DNS', {}, { nodeLocalDNS: true }, [...base, 'containerd', 'node-local-dns']],
    [
      'node-local DNS since 1.34',
      {},
      { nodeLocalDNS: true, kubernetesVersion: '1.34.1' },
      ['1.34', 'c1-large', 'ubuntu24.04', 'containerd'],
    ],
    [
      'node-local DNS with IPVS',
      {},
      { nodeLocalDNS: true, ipvs: true, kubernetesVersion: '1.34.1' },
      ['1.34', 'c1-large', 'ubuntu24.04', 'containerd', 'node-local-dns'],
    ],
  ];
  it.each(cases)('%s', (_, change, shoot, parts) => {
    expect(poolHash({ pool: { ...pool, ...change }, hashData: none }, { ...facts, ...shoot })).toBe(
      H(parts.map(H).join('')).slice(0, 5),
    );
  });

  it('refuses a version that cannot be read', () => {
    const shoot = { ...facts, kubernetesVersion: undefined };
    expect(() => poolHash({ pool, hashData: none }, shoot)).toThrow('worker pool pool has no Kubernetes version');
  });
});

describe('a pool that is updated in place', () => {
  const cases: [string, Partial<WorkerPool>, Partial<ShootFacts>, string[]][] = [
    ['the least', {}, {}, ['1.33', '24.04']],
    ['rotations', {}, { rotations: ['2026-01-02T03:04:05Z'] }, ['1.33', '24.04', '2026-01-02 03:04:05 +0000 UTC']],
    [
      'reserved resources',
      { kubeletConfig: { kubeReserved: { cpu: '80m', pid: '20k' } } },
      {},
      ['1.33', '24.04', '80m-<nil>-20k-<nil>'],
    ],
    [
      'eviction and CPU manager',
      { kubeletConfig: { evictionHard: { memoryAvailable: '100Mi' }, cpuManagerPolicy: 'static' } },
      {},
      ['1.33', '24.04', '--100Mi--', 'static'],
    ],
  ];
  it.each(cases)('%s', (_, change, shoot, parts) => {
    const own = { ...inPlace, ...change };
    const hash = inPlaceHash(own, { ...facts, ...shoot });
    expect(hash).toBe(H(parts.map(H).join('')).slice(0, 16));
    expect(poolHash({ pool: own, hashData: { rolling: ['x'], inPlace: ['y'] } }, { ...facts, ...shoot })).toBe(
      H(H(agent.nodeAgentSecretName) + H(hash) + H('y')).slice(0, 5),
    );
  });

  it('needs its own version', () => {
    const { kubernetesVersion: _, ...without } = inPlace;
    expect(() => inPlaceHash(without, facts)).toThrow('no Kubernetes version');
  });
});

describe('shootFacts', () => {
  const of = (spec: object, status: object = {}) =>
    shootFacts(
      cluster.parse({ metadata: { name: 'ns' }, spec: { shoot: { metadata: { name: 's' }, spec, status } } }),
      'pool',
    );

  it('of a bare Shoot are none', () => {
    expect(of({})).toEqual({
      kubernetesVersion: undefined,
      criName: undefined,
      rotations: [],
      nodeLocalDNS: false,
      ipvs: false,
    });
  });

  it('are those of the pool: its pending rotation, else that of all', () => {
    const spec = {
      kubernetes: { version: '1.33.2', kubeProxy: { mode: 'IPVS' } },
      systemComponents: { nodeLocalDNS: { enabled: true } },
      provider: { workers: [{ name: 'other' }, { name: 'pool', cri: { name: 'containerd' } }] },
    };
    const pendingWorkersRollouts = [{ name: 'pool', lastInitiationTime: '2025-01-01T00:00:00Z' }];
    const rotation = {
      certificateAuthorities: { lastInitiationTime: '2026-01-01T00:00:00Z', pendingWorkersRollouts },
      serviceAccountKey: { lastInitiationTime: '2026-02-01T00:00:00Z', pendingWorkersRollouts: [{ name: 'other' }] },
    };
    expect(of(spec, { credentials: { rotation } })).toEqual({
      kubernetesVersion: '1.33.2',
      criName: 'containerd',
      rotations: ['2025-01-01T00:00:00Z', '2026-02-01T00:00:00Z'],
      nodeLocalDNS: true,
      ipvs: true,
    });
  });
});
