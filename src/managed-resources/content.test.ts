import { brotliDecompressSync } from 'node:zlib';
import { loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../kube/object.ts';
import { contentOf, contentSecret, withReference } from './content.ts';
import { rememberDocuments, writeDocument } from './documents.ts';

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

const object = (name: string, data: Record<string, string> = {}): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'n' },
  data,
});

const secretOf = (...objects: KubeObject[]) => contentSecret('n', contentOf('mr', objects));
const nameOf = (...objects: KubeObject[]) => secretOf(...objects).metadata.name;
const bytesOf = (key: string, ...objects: KubeObject[]) =>
  Buffer.from(secretOf(...objects).data?.[key] ?? 'none', 'base64');

describe('the Secret of a ManagedResource', () => {
  test('is one that Gardener collects', () => {
    expect(secretOf(object('a'))).toMatchObject({
      metadata: {
        name: expect.stringMatching(/^mr-[0-9a-f]{8}$/),
        namespace: 'n',
        labels: { 'resources.gardener.cloud/garbage-collectable-reference': 'true' },
      },
      immutable: true,
      type: 'Opaque',
    });
  });

  test('has the name of its content, and Gardener would call it the same', () => {
    // printf -- '---\n{"apiVersion":"v1","data":{},"kind":"ConfigMap","metadata":{"name":"a","namespace":"n"}}\n' |
    //   sha256sum | cut -c-64 | tr -d '\n' | sha256sum | cut -c-8
    expect(nameOf(object('a'))).toBe('mr-36c48856');
    expect(nameOf(object('a'))).not.toBe(nameOf(object('b')));
    expect(nameOf(object('a', { x: '1' }))).not.toBe(nameOf(object('a', { x: '2' })));
  });

  test('does not depend on the order of objects and fields', () => {
    const { metadata, data, kind, apiVersion } = object('a', { x: '1', y: '2' });
    const turned: ConfigMap = { data: { y: '2', x: '1' }, metadata, kind: kind ?? '', apiVersion: apiVersion ?? '' };
    expect(data).toBeDefined();
    expect(secretOf(turned, object('b'))).toEqual(secretOf(object('b'), object('a', { x: '1', y: '2' })));
  });

  test('is read as YAML with every character', () => {
    const value = 'line\nbreaks \u2028\u2029\u0085 and \u007f\ufeff "quotes" --- é 👍';
    const text = bytesOf('data.yaml', object('b'), object('a', { value })).toString();
    expect(text.startsWith('---\n')).toBe(true);
    expect(loadAll(text)).toEqual([object('a', { value }), object('b')]);
  });

  test('is empty for no objects', () => {
    expect(secretOf().data).toEqual({ 'data.yaml': '' });
  });

  test('is compressed when it is large', () => {
    const large = object('a', { value: 'x'.repeat(2 ** 21) });
    const bytes = bytesOf('data.yaml.br', large);
    expect(bytes.length).toBeLessThan(2 ** 16);
    expect(loadAll(brotliDecompressSync(bytes).toString())).toEqual([large]);
  });
});

test('the reference to the Secret takes the place of former ones and leaves other annotations', () => {
  const before = { 'reference.resources.gardener.cloud/secret-12345678': 'old', other: 'x' };
  expect(withReference(before, 'new')).toEqual({
    // printf new | sha256sum | cut -c-8
    'reference.resources.gardener.cloud/secret-11507a0e': 'new',
    other: 'x',
  });
});

describe('documents that are remembered', () => {
  test.each([1, 5000])('are those that are written, with %i characters', (length) => {
    const write = rememberDocuments();
    const [one, other] = [object('a', { value: 'x'.repeat(length) }), object('a', { value: 'y'.repeat(length) })];
    for (const each of [one, one, other, one]) expect(write(each)).toBe(writeDocument(each));
    expect(contentOf('mr', [other, one], write)).toEqual(contentOf('mr', [other, one]));
  });

  test('are written once when they are long', () => {
    const write = rememberDocuments();
    const long = object('a', { value: 'x'.repeat(5000) });
    const document = write(long);
    Object.assign(long.data ?? {}, { value: 'changed, against the rule' });
    expect(write(long)).toBe(document);
  });
});
