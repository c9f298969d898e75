import { describe, expect, test } from 'vitest';
import { adapt } from './adapt.ts';
import { parseManifests, readExample } from './manifests.ts';

describe('manifests', () => {
  test('documents in their order, empty ones left out', () => {
    const text =
      'apiVersion: v1\nkind: A\nmetadata: {name: x}\n---\n---\napiVersion: v1\nkind: B\nmetadata: {name: y}\n';
    expect(parseManifests(text, 'f').map(({ kind }) => kind)).toEqual(['A', 'B']);
  });

  test.each(['just text', 'apiVersion: v1\nkind: A\n', '- 1\n'])('says which document is no object: %j', (text) => {
    expect(() => parseManifests(text, 'f.yaml')).toThrow(/f\.yaml: document 1/);
  });

  test.each(['project', 'controller-registrations', 'cloudprofile', 'credentials', 'seed', 'shoot', 'shoot-ipv6'])(
    'example/%s.yaml can be read',
    async (name) => {
      expect(await readExample(`${name}.yaml`)).not.toHaveLength(0);
    },
  );
});

describe('adapt', () => {
  const values = { metalApiUrl: 'http://here/metal', metalApiHmac: 'key' };

  test('puts the landscape into CloudProfile and credentials, and leaves the rest and its input alone', async () => {
    const all = [...(await readExample('cloudprofile.yaml')), ...(await readExample('credentials.yaml'))];
    const before = structuredClone(all);
    const [profile, secret, binding] = adapt(all, values);
    expect(profile).toMatchObject({
      spec: { providerConfig: { metalControlPlanes: { prod: { endpoint: 'http://here/metal' } } } },
    });
    expect(secret?.stringData).toEqual({ metalAPIHMac: 'key' });
    expect(binding).toEqual(before[2]);
    expect(all).toEqual(before);
  });

  test('a Secret of another kind of use is not touched', async () => {
    const seed = await readExample('seed.yaml');
    expect(adapt(seed, values)).toEqual(seed);
  });
});
