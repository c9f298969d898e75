import { describe, expect, test } from 'vitest';
import { CLUSTER, factsWith, forbidden, poolWith } from './fixtures.ts';
import { workerPlan } from './plan.ts';

const contentOf = (facts = factsWith()) => workerPlan(facts).pools[0]?.content(undefined);
const decoded = (data: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, atob(value)]));

describe('machine class', () => {
  test('says everything that the machine controller orders by', () => {
    expect(contentOf()).toEqual({
      provider: 'metal',
      providerSpec: {
        partition: 'fra-equ01',
        size: 'c1-xlarge-x86',
        image: 'ubuntu-24.4.20260114',
        project: 'project-1',
        network: 'node-network',
        sshKeys: ['ssh-rsa AAAA'],
        tags: [
          'kubernetes.io/cluster=shoot--p--s',
          'kubernetes.io/role=node',
          'node.kubernetes.io/instance-type=c1-xlarge-x86',
          'topology.kubernetes.io/region=fra',
          'topology.kubernetes.io/zone=fra-equ01',
          `cluster.metal-stack.io/id=${CLUSTER}`,
          'cluster.metal-stack.io/name=shoot--p--s',
          'cluster.metal-stack.io/project=project-1',
        ],
      },
      secretData: { metalAPIURL: btoa('https://metal.example.com/metal'), metalAPIHMac: btoa('secret') },
    });
  });

  test('a token takes the place of the HMAC key', () => {
    const facts = factsWith({ metalApi: { endpoint: 'https://m', credentials: { token: 'jwt' } } });
    expect(decoded(contentOf(facts)?.secretData)).toEqual({ metalAPIURL: 'https://m', metalAPIKey: 'jwt' });
  });

  test('isolated machines get the name servers and time servers of the partition', () => {
    expect(contentOf(factsWith({ isolation: forbidden }))?.providerSpec).toMatchObject({
      dnsServers: [{ ip: '2001:db8::53' }, { ip: '192.0.2.53' }],
      ntpServers: [{ address: '192.0.2.123' }],
    });
  });

  test('labels become tags in one order, but none that says whose the machine is', () => {
    const labels = {
      zone: 'b',
      app: '',
      'cluster.metal-stack.io/id': 'another',
      'cluster.metal-stack.io/id/egress': 'another',
      'kubernetes.io/role': 'master',
      'machine.metal-stack.io/rack': 'r',
    };
    const reversed = Object.fromEntries(Object.entries(labels).reverse());
    const specOf = (given: Record<string, string>) => contentOf(poolWith({ labels: given }))?.providerSpec;
    const tags = [...((contentOf()?.providerSpec ?? {}) as { tags: string[] }).tags, 'app=', 'zone=b'];
    expect(specOf(labels)).toMatchObject({ tags });
    expect(specOf(labels)).toEqual(specOf(reversed));
  });

  test('tells the autoscaler what a node will be like', () => {
    const capacity = { cpu: '12', memory: '96Gi' };
    expect(contentOf(poolWith({ nodeTemplate: { capacity } }))?.nodeTemplate).toEqual({
      capacity,
      instanceType: 'c1-xlarge-x86',
      region: 'fra',
      zone: 'fra-equ01',
      architecture: 'amd64',
    });
  });

  test('no key without SSH access', () => {
    const { worker } = factsWith();
    const { sshPublicKey: _, ...spec } = worker.spec;
    expect(contentOf(factsWith({ worker: { ...worker, spec } }))?.providerSpec).toMatchObject({ sshKeys: [] });
  });
});

describe('plan', () => {
  test('one deployment for each pool, and nothing of ours in the hash', () => {
    expect(workerPlan(factsWith()).pools).toMatchObject([
      { pool: { name: 'workers' }, zones: [], hashData: { rolling: [], inPlace: [] } },
    ]);
  });

  const image = { name: 'ubuntu', version: '24.4', image: 'ubuntu-24.4.20260114' };

  test('notes each image once', () => {
    const { worker } = factsWith();
    const [pool] = worker.spec.pools ?? [];
    if (!pool) return expect.unreachable();
    const pools = [pool, { ...pool, name: 'more' }];
    expect(workerPlan(factsWith({ worker: { ...worker, spec: { ...worker.spec, pools } } })).providerStatus).toEqual({
      apiVersion: 'metal.provider.extensions.gardener.cloud/v1alpha1',
      kind: 'WorkerStatus',
      machineImages: [image],
    });
  });

  test.each<[string, (typeof image)[], unknown, string | undefined]>([
    ['the configuration', [image], undefined, 'ubuntu-24.4.20260114'],
    ['the configuration before the status', [image], { machineImages: [{ ...image, image: 'old' }] }, image.image],
    ['the status when the configuration has it no more', [], { machineImages: [image] }, image.image],
    ['neither', [{ ...image, version: '22.4' }], { machineImages: null }, undefined],
    ['neither, with a status that is something else', [], 'broken', undefined],
  ])('image from %s', (_, machineImages, providerStatus, expected) => {
    const { worker } = factsWith();
    const facts = factsWith({ worker: { ...worker, status: { providerStatus } }, config: { machineImages } });
    if (expected) return expect(contentOf(facts)?.providerSpec).toMatchObject({ image: expected });
    return expect(() => workerPlan(facts)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /^could not find machine image for ubuntu\/24\.4 neither in componentconfig nor/,
        ),
        codes: ['ERR_RETRYABLE_CONFIGURATION_PROBLEM'],
      }),
    );
  });
});
