import { expect, test } from 'vitest';
import { discovered } from './discovery.ts';

test('a group version counts when it is current and has resources', () => {
  const resources = [{ resource: 'shoots' }];
  const body = {
    items: [
      {
        metadata: { name: 'core.gardener.cloud' },
        versions: [
          { version: 'v1beta1', freshness: 'Current', resources },
          { version: 'v1', freshness: 'Stale', resources },
        ],
      },
      { metadata: { name: 'security.gardener.cloud' }, versions: [{ version: 'v1alpha1', freshness: 'Current' }] },
      { metadata: { name: 'empty' } },
    ],
  };
  expect([...discovered(body)]).toEqual(['core.gardener.cloud/v1beta1']);
});

test.each([{}, { items: [] }])('nothing is discovered in %j', (body) => {
  expect(discovered(body).size).toBe(0);
});
