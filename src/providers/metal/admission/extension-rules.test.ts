import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExtensionObject } from '../../../apis/extensions/extension.ts';
import { cluster } from '../seed-webhooks/fixtures.ts';
import { validateExtension } from './extension-rules.ts';

const metal = 'metal.provider.extensions.gardener.cloud/v1alpha1';
const seen = cluster({ workers: [{ name: 'a', zones: ['fra'] }] });
const shootConfig = seen.spec.shoot.spec.provider?.infrastructureConfig as object;

function object(spec: object, metadata: object = {}): ExtensionObject {
  return { metadata: { name: 's', ...metadata }, spec: { type: 'metal', region: 'dc', ...spec } } as ExtensionObject;
}
function faults(kind: string, one: ExtensionObject, old?: ExtensionObject, known: typeof seen | undefined = seen) {
  const found = validateExtension({ object: one, old, now: 0, kind, cluster: known });
  return found.errors.map(({ type, field }) => `${type} ${field}`);
}
const config = 'spec.providerConfig';

describe('Infrastructure', () => {
  const good = object({ providerConfig: shootConfig });
  const changed = (more: object) => object({ providerConfig: { ...shootConfig, ...more } });
  const firewall = { image: 'firewall-3.0', size: 'n1', networks: ['internet'] };

  test.each<[string, object, string[]]>([
    ['with an unknown field', { projectId: 'p' }, [`Forbidden ${config}.projectId`]],
    ['of another kind', { kind: 'ControlPlaneConfig' }, [`NotSupported ${config}.kind`]],
    ['without an apiVersion', { apiVersion: undefined, projectID: 'x' }, [`Required ${config}.apiVersion`]],
    ['without a project', { projectID: '' }, [`Required ${config}.projectID`]],
    ['in an unknown partition', { partitionID: 'nowhere' }, [`NotSupported ${config}.partitionID`]],
    ['with a wrong type', { firewall: [] }, [`Invalid ${config}.firewall`]],
    ['without networks', { firewall: { ...firewall, networks: [] } }, [`Required ${config}.firewall.networks`]],
    [
      'with an egress address of another family',
      { firewall: { ...firewall, egressRules: [{ networkID: 'internet', ips: ['2001:db8::1'] }] } },
      [`Invalid ${config}.firewall.egressRules[0].ips[0]`],
    ],
  ])('%s is refused', (_, more, expected) => expect(faults('Infrastructure', changed(more))).toEqual(expected));

  test('without a configuration is refused, as is one that is no object', () => {
    expect(faults('Infrastructure', object({}))).toEqual([`Required ${config}`]);
    expect(
      validateExtension({ object: object({}), now: 0, kind: 'Infrastructure', cluster: undefined }).errors,
    ).toHaveLength(1);
    expect(faults('Infrastructure', object({ providerConfig: 'x' }))).toEqual([`Invalid ${config}`]);
  });

  test('stays where it is', () => {
    expect(faults('Infrastructure', changed({ projectID: 'p2', partitionID: 'fra' }), good)).toEqual([
      `Invalid ${config}.projectID`,
    ]);
    expect(faults('Infrastructure', object({ providerConfig: shootConfig, region: 'x' }), good)).toEqual([
      'Invalid spec.region',
    ]);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['unknown fields', { ...shootConfig, projectId: 'p' }],
    ['nulls', { ...shootConfig, firewall: { image: null } }],
    ['another project', { ...shootConfig, projectID: 'p2' }],
  ])('what gardenlet copies from the Shoot passes: %s', (_, providerConfig) => {
    const known = structuredClone(seen);
    Object.assign(known.spec.shoot.spec.provider ?? {}, { infrastructureConfig: providerConfig });
    expect(faults('Infrastructure', object({ providerConfig }), undefined, known)).toEqual([]);
    expect(faults('Infrastructure', object({ providerConfig }), good, known)).toEqual([]);
  });

  test('an update is judged for what it changes', () => {
    const old = changed({ firewall: { ...firewall, networks: [] } });
    const update = changed({ firewall: { ...firewall, networks: [], size: 'n2' } });
    expect(faults('Infrastructure', update, old)).toEqual([]);
  });

  test.each<[string, ExtensionObject, string]>([
    ['being deleted', object({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }), 'Infrastructure'],
    ['of another type', object({ type: 'aws' }), 'Infrastructure'],
    ['of another kind', object({}), 'Network'],
    ['of a kind like a property', object({}), 'constructor'],
  ])('%s passes', (_, one, kind) => expect(faults(kind, one)).toEqual([]));

  test('an unchanged spec passes', () => expect(faults('Infrastructure', object({}), object({}))).toEqual([]));
});

describe('ControlPlane', () => {
  const controlPlane = (more: object) =>
    object({ providerConfig: { apiVersion: metal, kind: 'ControlPlaneConfig', ...more } });

  test.each<[object, string[]]>([
    [{}, []],
    [{ networkAccessType: 'restricted' }, []],
    [{ networkAccessType: 'isolated' }, [`NotSupported ${config}.networkAccessType`]],
    [{ featureGates: { disableCsiLVM: true } }, [`Forbidden ${config}.featureGates.disableCsiLVM`]],
  ])('%j', (more, expected) => expect(faults('ControlPlane', controlPlane(more))).toEqual(expected));

  test('without a configuration passes', () => expect(faults('ControlPlane', object({}))).toEqual([]));

  test('an isolated one needs a partition that is', () => {
    const one = controlPlane({ networkAccessType: 'forbidden' });
    expect(faults('ControlPlane', one, undefined, cluster({ isolated: false }))).toEqual([
      `Invalid ${config}.networkAccessType`,
    ]);
  });

  test('what gardenlet copies passes', () => {
    const known = cluster({ networkAccessType: 'isolated' });
    expect(faults('ControlPlane', controlPlane({ networkAccessType: 'isolated' }), undefined, known)).toEqual([]);
  });
});

describe('Worker', () => {
  const pool = { name: 'a', minimum: 1, maximum: 2 };
  test.each<[object[], string[]]>([
    [[pool, { ...pool, name: 'b', zones: [], volume: null }], []],
    [[{ ...pool, zones: ['fra'] }], []],
    [[{ ...pool, name: 'b', zones: ['fra'] }], ['Forbidden spec.pools[0].zones']],
    [[{ ...pool, volume: { size: '5Gi' } }], ['Forbidden spec.pools[0].volume']],
    [[{ ...pool, maximum: 0 }], ['Invalid spec.pools[0].maximum']],
    [
      [pool, { ...pool, providerConfig: {} }],
      ['Duplicate spec.pools[1].name', 'Forbidden spec.pools[1].providerConfig'],
    ],
  ])('%j', (pools, expected) => expect(faults('Worker', object({ pools }))).toEqual(expected));
});

test('whatever it is, it gets an answer', () => {
  const keys = fc.constantFrom(
    'toString',
    '__proto__',
    'constructor',
    'firewall',
    'networks',
    'name',
    'zones',
    'projectID',
  );
  const junk = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue({ maxDepth: 0 }),
      fc.array(tie('any'), { maxLength: 3 }),
      // JSON.parse makes an own property of __proto__.
      fc.dictionary(keys, tie('any'), { maxKeys: 4 }).map((value): unknown => JSON.parse(JSON.stringify(value))),
    ),
  })).any;
  const spec = fc.record({ providerConfig: junk, pools: junk, region: junk }, { requiredKeys: [] });
  const kinds = fc.constantFrom('Infrastructure', 'ControlPlane', 'Worker');
  void fc.assert(
    fc.property(kinds, spec, fc.option(spec), junk, (kind, one, old, ofShoot) => {
      const known = structuredClone(seen);
      Object.assign(known.spec.shoot.spec.provider ?? {}, {
        infrastructureConfig: ofShoot,
        controlPlaneConfig: ofShoot,
      });
      expect(Array.isArray(faults(kind, object(one), old ? object(old) : undefined, known))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
