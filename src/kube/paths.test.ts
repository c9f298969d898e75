import { describe, expect, test } from 'vitest';
import { collectionPath, creationPath, describeCall, objectPath, withQuery } from './paths.ts';
import { defineResource } from './resource.ts';

const configMaps = defineResource({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
});
const roles = defineResource({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
});

describe('paths', () => {
  test.each([
    [collectionPath(configMaps), '/api/v1/configmaps'],
    [collectionPath(configMaps, 'a'), '/api/v1/namespaces/a/configmaps'],
    [collectionPath(roles, 'ignored'), '/apis/rbac.authorization.k8s.io/v1/clusterroles'],
    [objectPath(configMaps, { namespace: 'a', name: 'b' }, 'status'), '/api/v1/namespaces/a/configmaps/b/status'],
    [objectPath(roles, { name: 'MixedCase' }), '/apis/rbac.authorization.k8s.io/v1/clusterroles/MixedCase'],
    [
      objectPath(roles, { name: 'a/../b?c#d%e' }),
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/a%2F..%2Fb%3Fc%23d%25e',
    ],
  ])('%s', (path, expected) => expect(path).toBe(expected));

  test.each([
    ['an empty name', () => objectPath(configMaps, { namespace: 'a', name: '' })],
    ['no name', () => objectPath(configMaps, { namespace: 'a' } as never)],
    ['the parent', () => objectPath(configMaps, { namespace: 'a', name: '..' })],
    ['no namespace', () => objectPath(configMaps, { name: 'b' })],
    ['creation without a namespace', () => creationPath(configMaps, '')],
  ])('refuses %s, which would reach a whole collection', (_, path) => expect(path).toThrow(TypeError));

  test('a query leaves out what is not given', () => {
    expect(withQuery('/x', { a: 1, b: undefined, c: '', d: 'e in (f, g)', h: true })).toBe(
      '/x?a=1&d=e+in+%28f%2C+g%29&h=true',
    );
    expect(withQuery('/x', {})).toBe('/x');
  });

  test('a call is named by verb, resource and key', () => {
    expect(describeCall('get', roles, { name: 'a' })).toBe('get clusterroles.rbac.authorization.k8s.io a');
    expect(describeCall('apply', configMaps, { namespace: 'a', name: 'b' }, 'status')).toBe(
      'apply configmaps/status a/b',
    );
    expect(describeCall('list', configMaps, { namespace: 'a' })).toBe('list configmaps in a');
  });
});
