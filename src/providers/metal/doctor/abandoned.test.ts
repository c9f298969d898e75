import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { KnownShoots } from '../../doctor.ts';
import { abandoned } from './abandoned.ts';
import { egress, holdingsOf, idTag, ipOf, machineOf, networkOf, now, service, young } from './fixtures.ts';
import type { Holdings } from './holdings.ts';

const gone = 'gone';
const garden: KnownShoots = { uids: new Set(['abc', 'elsewhere']), areGardensComplete: true, otherSeeds: [] };
const ofSeeds = new Set(['abc']);
const label = (...ids: string[]) => Object.fromEntries(ids.map((id) => ['cluster.metal-stack.io/id', id]));

const found = (holdings: Partial<Holdings>, known = garden) =>
  abandoned(holdingsOf(holdings), ofSeeds, known, now).map(({ kind, fix }) => (fix ? `${kind} fix` : kind));

describe('an IP', () => {
  test.each<[string, ReturnType<typeof ipOf>, string[]]>([
    ['of a cluster that is gone', ipOf([service(gone)]), ['IPLeaked fix']],
    ['of two services of it', ipOf([service(gone), `${service(gone)}2`]), ['IPLeaked fix']],
    ['of this seed', ipOf([service('abc')]), []],
    ['of another seed', ipOf([service('elsewhere')]), []],
    ['of nobody', ipOf(['team=a']), []],
    ['without tags', ipOf([]), []],
    ['that is static', ipOf([egress(gone)], { type: 'static' }), ['IPLeaked']],
    ['that a living cluster shares', ipOf([service(gone), service('abc')]), ['IPLeaked']],
    ['that another gone cluster shares', ipOf([service(gone), service('too')]), ['IPLeaked']],
    ['with a tag of somebody', ipOf([service(gone), 'team=a']), ['IPLeaked']],
    ['that a machine holds', ipOf([service(gone), 'machine.metal-stack.io/id=m']), ['IPLeaked']],
    ['with nothing but a cluster tag without a value', ipOf(['cluster.metal-stack.io/id']), []],
    ['with a cluster tag without a value', ipOf([service(gone), 'cluster.metal-stack.io/id']), ['IPLeaked']],
    ['of another project', ipOf([service(gone)], { projectid: 'q' }), ['IPLeaked']],
    ['that is young', ipOf([service(gone)], { created: young }), []],
    ['of unknown age', ipOf([service(gone)], { created: undefined }), []],
    ['of a cluster whose id is longer', ipOf([service('abcd')]), ['IPLeaked fix']],
  ])('%s', (_, ip, expected) => expect(found({ ips: [ip] })).toEqual(expected));
});

describe('a network', () => {
  test.each<[string, ReturnType<typeof networkOf>, string[]]>([
    ['of a cluster that is gone', networkOf({ labels: label(gone) }), ['NetworkLeaked fix']],
    ['of this seed', networkOf(), []],
    ['of another seed', networkOf({ labels: label('elsewhere') }), []],
    ['without labels', networkOf({ labels: {} }), []],
    ['with a label of somebody', networkOf({ labels: { ...label(gone), team: 'a' } }), ['NetworkLeaked']],
    ['of another project', networkOf({ labels: label(gone), projectid: 'q' }), ['NetworkLeaked']],
    ['that others are allocated from', networkOf({ labels: label(gone), privatesuper: true }), ['NetworkLeaked']],
    ['that is young', networkOf({ labels: label(gone), created: young }), []],
  ])('%s', (_, network, expected) => expect(found({ networks: [network] })).toEqual(expected));
});

describe('a machine', () => {
  test.each<[string, ReturnType<typeof machineOf>, string[]]>([
    ['of a cluster that is gone', machineOf('m', [idTag(gone), 'kubernetes.io/role=node']), ['MachineLeaked fix']],
    ['that is a firewall', machineOf('m', [idTag(gone)], { role: 'firewall' }), ['MachineLeaked fix']],
    ['of this seed', machineOf('m', [idTag('abc')]), []],
    ['of two clusters', machineOf('m', [idTag(gone), egress('abc')]), ['MachineLeaked']],
    ['of another project', machineOf('m', [idTag(gone)], { project: 'q' }), ['MachineLeaked']],
    [
      'that says of itself to be of another project',
      machineOf('m', [idTag(gone), 'cluster.metal-stack.io/project=q']),
      ['MachineLeaked'],
    ],
    ['that is young', machineOf('m', [idTag(gone)], { created: young }), []],
    ['that waits in the pool', { ...machineOf('m', [idTag(gone)]), allocation: undefined }, []],
  ])('%s', (_, machine, expected) => expect(found({ machines: [machine] })).toEqual(expected));
});

describe('in a project with machines of others', () => {
  const bare = (tags: string[]) => ({ ...machineOf('b', []), tags });
  test.each<[string, ReturnType<typeof machineOf>[], string[]]>([
    ['none', [machineOf('m', [idTag('abc')])], ['IPLeaked fix']],
    [
      'a firewall',
      [bare([idTag('abc'), 'firewall.metal-stack.io/managed-by=firewall-controller-manager'])],
      ['IPLeaked fix'],
    ],
    ['one that waits in the pool', [{ ...bare([]), allocation: undefined }], ['IPLeaked fix']],
    ['one of another cluster', [bare([idTag('abc')])], ['IPLeaked fix']],
    ['one of the same cluster', [bare([idTag(gone)])], ['MachineLeaked', 'IPLeaked']],
    ['one that says nothing', [bare(['rack=1'])], ['IPLeaked']],
  ])('%s', (_, machines, expected) => expect(found({ ips: [ipOf([service(gone)])], machines })).toEqual(expected));
});

test('without all gardens nothing is leaked: each unknown cluster is a note', () => {
  const holdings = holdingsOf({
    ips: [ipOf([service(gone)]), ipOf([service('b'), service('abc')])],
    machines: [machineOf('m', [idTag(gone)])],
  });
  const notes = abandoned(holdings, ofSeeds, { ...garden, areGardensComplete: false }, now);
  expect(notes).toMatchObject([
    { severity: 'info', kind: 'ClusterNotOfThisSeed', cluster: 'b', message: '1 ip in project p' },
    { severity: 'info', kind: 'ClusterNotOfThisSeed', cluster: gone, message: '1 machine, 1 ip in project p' },
  ]);
  expect(notes.some(({ fix }) => fix)).toBe(false);
});

test('a cluster that no garden knows may be left in a seed that was not looked at', () => {
  const holdings = holdingsOf({ ips: [ipOf([service(gone)]), ipOf([service('elsewhere')])] });
  expect(abandoned(holdings, ofSeeds, { ...garden, otherSeeds: ['fra-2'] }, now)).toEqual([
    {
      ...{ severity: 'warning', kind: 'ClusterUnknown', object: 'cluster gone', cluster: gone },
      message: '1 ip in project p, and no garden knows the cluster',
      advice: 'Look at fra-2 as well, with --kubeconfig: it may be left there',
    },
  ]);
});

test('machines are released first, networks last', () => {
  const all = {
    networks: [networkOf({ labels: label(gone) })],
    ips: [ipOf([service(gone)])],
    machines: [machineOf('m', [idTag(gone)])],
  };
  expect(found(all)).toEqual(['MachineLeaked fix', 'IPLeaked fix', 'NetworkLeaked fix']);
});

describe('whatever is held', () => {
  const ids = fc.constantFrom('abc', 'elsewhere', gone, 'gone2', '');
  const uses = fc.constantFrom('', '/egress', '/namespace/service', '/x');
  const clusterTag = fc
    .tuple(uses, ids, fc.constantFrom('', '/ns/svc'))
    .map(([use, id, suffix]) => `cluster.metal-stack.io/id${use}=${id}${suffix}`);
  const others = [
    'cluster.metal-stack.io/id',
    'team=a',
    'machine.metal-stack.io/id=m',
    'cluster.metal-stack.io/project=q',
  ];
  const tags = fc.array(fc.oneof(clusterTag, fc.constantFrom(...others)), { maxLength: 4 });
  const project = fc.constantFrom('p', 'q');
  const isOfCluster = (tag: string) => /^cluster\.metal-stack\.io\/id(\/|=|$)/.test(tag);
  const pairOf = (tag: string): [string, string] => [tag.split('=')[0] ?? '', tag.split('=')[1] ?? ''];

  /** Something in the holdings of project p, the project that it is of itself, and all that says whose it is. */
  const ip = fc.tuple(tags, fc.constantFrom('ephemeral', 'static'), project).map(([tags, type, projectid]) => {
    return { holdings: { ips: [ipOf(tags, { type, projectid })] }, project: projectid, marks: tags };
  });
  const machine = fc.tuple(tags, project).map(([tags, project]) => {
    // Machines have other tags as well: of their pool, of their place.
    return { holdings: { machines: [machineOf('m', tags, { project })] }, project, marks: tags.filter(isOfCluster) };
  });
  const network = fc.tuple(tags, project).map(([tags, projectid]) => {
    const labels = Object.fromEntries(tags.map(pairOf));
    const marks = Object.entries(labels).map((pair) => pair.join('='));
    return { holdings: { networks: [networkOf({ projectid, labels })] }, project: projectid, marks };
  });

  test('with a mark of another cluster or of somebody, or without proof, it is in no fix', () => {
    const everything = fc.oneof(ip, machine, network);
    const doubts = fc.constantFrom<Partial<KnownShoots>>({}, { areGardensComplete: false }, { otherSeeds: ['fra-2'] });
    fc.assert(
      fc.property(everything, doubts, ({ holdings, project, marks }, doubt) => {
        const known = { ...garden, ...doubt };
        const [fix] = abandoned(holdingsOf(holdings), ofSeeds, known, now).flatMap((each) => each.fix ?? []);
        if (fix?.action !== 'release') return;
        expect({ doubt, project }).toEqual({ doubt: {}, project: 'p' });
        expect([gone, 'gone2']).toContain(fix.clusterID);
        const foreign = marks.filter((mark) => !isOfCluster(mark) || pairOf(mark)[1].split('/')[0] !== fix.clusterID);
        expect(foreign).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
