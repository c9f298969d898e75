import { expect, it } from 'vitest';
import type { MachineSpec } from '../../apis/machine/machine.ts';
import { machine, node } from './fixtures.ts';
import { capacityPatches } from './node-capacity.ts';
import { nodePatch } from './node-sync.ts';

type Template = NonNullable<MachineSpec['nodeTemplate']>;

const finalizer = 'node.machine.sapcloud.io/machine-controller';
const name = { 'node.gardener.cloud/machine-name': 'm' };
const applied = 'node.machine.sapcloud.io/last-applied-anno-labels-taints';
const of = (nodeTemplate: Template) => machine('Running', { spec: { nodeTemplate } });
const after = (before: Template, labels: object, annotations: object = {}) => ({
  finalizers: [finalizer],
  labels: { ...name, ...labels },
  annotations: { [applied]: JSON.stringify(before), ...annotations },
});

it('names the machine, holds the Node, and remembers what it gave', () => {
  const template = { metadata: { labels: { a: '1' }, annotations: { b: '2' } } };
  expect(nodePatch(of(template), node())).toEqual({
    metadata: {
      resourceVersion: undefined,
      labels: { a: '1', ...name },
      annotations: { b: '2', [applied]: JSON.stringify(template) },
      finalizers: [finalizer],
    },
  });
});

it('leaves a Node alone that has everything', () => {
  const template = { metadata: { labels: { a: '1' } }, spec: { taints: [{ key: 't', effect: 'NoSchedule' }] } };
  const spec = { taints: [{ key: 'other', effect: 'NoSchedule' }, ...template.spec.taints] };
  expect(nodePatch(of(template), node([], { metadata: after(template, { a: '1', own: 'x' }), spec }))).toBeUndefined();
});

it('takes what it gave before, and nothing else', () => {
  const before = {
    metadata: { labels: { gone: '1', kept: '1' }, annotations: { gone: '1' } },
    spec: { taints: [{ key: 'gone', effect: 'NoSchedule' }] },
  };
  const template = { metadata: { labels: { kept: '2' } } };
  const metadata = after(before, { gone: '1', kept: '1', own: 'x' }, { gone: '1', own: 'x' });
  const spec = {
    taints: [
      { key: 'gone', effect: 'NoSchedule' },
      { key: 'gone', effect: 'NoExecute' },
    ],
  };
  expect(nodePatch(of(template), node([], { metadata, spec }))).toEqual({
    metadata: {
      resourceVersion: undefined,
      labels: { gone: null, kept: '2' },
      annotations: { gone: null, [applied]: JSON.stringify(template) },
    },
    spec: { taints: [{ key: 'gone', effect: 'NoExecute' }] },
  });
});

it('gives a taint another value', () => {
  const template = { spec: { taints: [{ key: 't', value: 'new', effect: 'NoSchedule' }] } };
  const spec = { taints: [{ key: 't', value: 'old', effect: 'NoSchedule' }] };
  expect(nodePatch(of(template), node([], { metadata: after(template, {}), spec }))).toMatchObject({
    spec: { taints: template.spec.taints },
  });
});

it('takes the mark of a Node without a machine, and survives what is no JSON', () => {
  const marked = { 'node.machine.sapcloud.io/not-managed-by-mcm': '1', [applied]: 'broken' };
  expect(nodePatch(of({}), node([], { metadata: { ...after({}, {}), annotations: marked } }))).toEqual({
    metadata: {
      resourceVersion: undefined,
      annotations: { 'node.machine.sapcloud.io/not-managed-by-mcm': null, [applied]: '{}' },
    },
  });
});

const capacityAnnotation = 'node.machine.sapcloud.io/last-applied-virtual-capacity';

it.each<[string, Record<string, string> | undefined, string | undefined, object | undefined]>([
  ['none', undefined, undefined, undefined],
  ['the same', { a: '1' }, '{"a":"1"}', undefined],
  ['a new one', { a: '1' }, undefined, { capacity: { a: '1' } }],
  ['another', { b: '1' }, '{"a":"1"}', { capacity: { a: null, b: '1' } }],
  ['no more', undefined, '{"a":"1"}', { capacity: { a: null } }],
])('gives a Node its virtual capacity: %s', (_, wanted, text, status) => {
  const metadata = text === undefined ? {} : { annotations: { [capacityAnnotation]: text } };
  const given = { ...node([], { metadata }), status: { capacity: { a: '1' } } };
  expect(capacityPatches(given, wanted)?.status).toEqual(status && { status });
});
