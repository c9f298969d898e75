import { expect, test } from 'vitest';
import { readDocuments } from './documents.ts';
import { environmentOf } from './environment.ts';
import { sortInput } from './input.ts';

const documentsOf = (project: string) => `
---
{ apiVersion: v1, kind: Secret, metadata: { name: metal, namespace: ${project} }, stringData: { metalAPIHMac: of ${project} } }
---
apiVersion: security.gardener.cloud/v1alpha1
kind: CredentialsBinding
metadata: { name: metal, namespace: ${project} }
credentialsRef: { apiVersion: v1, kind: Secret, name: metal, namespace: ${project} }
---
apiVersion: core.gardener.cloud/v1beta1
kind: NamespacedCloudProfile
metadata: { name: metal, namespace: ${project} }
status: { cloudProfileSpec: { type: of ${project} } }`;

const shoot = `
apiVersion: core.gardener.cloud/v1beta1
kind: Shoot
metadata: { name: s, namespace: garden-b }
spec:
  region: fra
  provider: { type: metal }
  cloudProfile: { kind: NamespacedCloudProfile, name: metal }
  credentialsBindingName: metal`;

test('what another project calls by the same name is not taken', () => {
  const text = `${shoot}${documentsOf('garden-a')}${documentsOf('garden-b')}`;
  const input = sortInput(readDocuments(text, 'f'), undefined);
  const { profile, credentials } = environmentOf(input, 'shoot--b--s', undefined, () => undefined);
  expect(profile.spec).toEqual({ type: 'of garden-b' });
  expect(credentials?.data).toEqual({ metalAPIHMac: btoa('of garden-b') });
});

test('a file may leave out the namespace', () => {
  const without = documentsOf('garden-b').replaceAll(
    '{ name: metal, namespace: garden-b }\nstatus',
    '{ name: metal }\nstatus',
  );
  const input = sortInput(readDocuments(`${shoot}${without}`, 'f'), undefined);
  expect(environmentOf(input, 'shoot--b--s', undefined, () => undefined).profile.spec).toEqual({ type: 'of garden-b' });
});

test('credentials of a SecretBinding are found as well', () => {
  const bound = shoot.replace('credentialsBindingName', 'secretBindingName');
  const text = `${bound}${documentsOf('garden-b')}
---
apiVersion: core.gardener.cloud/v1beta1
kind: SecretBinding
metadata: { name: metal, namespace: garden-b }
secretRef: { name: metal, namespace: garden-b }`;
  const assumed: string[] = [];
  const input = sortInput(readDocuments(text, 'f'), undefined);
  const { credentials } = environmentOf(input, 'shoot--b--s', undefined, (what) => void assumed.push(what));
  expect(credentials?.data).toEqual({ metalAPIHMac: btoa('of garden-b') });
  expect(assumed.join()).not.toContain('credentials');
});
