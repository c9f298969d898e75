import { expect, test } from 'vitest';
import type { KubeObject } from '../kube/object.ts';
import { secretChecksum } from '../providers/secrets.ts';
import { credentialTexts, generatedTexts } from './generated.ts';
import type { PlannedObject } from './objects.ts';
import { redact } from './redact.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const planned = (after: object, before?: object): PlannedObject => ({
  place: 'seed',
  before: before as KubeObject | undefined,
  after: after as KubeObject,
});
const secret = (data: object, labels?: object) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'ca-0123abcd', namespace: 'ns', uid: 'u', resourceVersion: '1', ...(labels ? { labels } : {}) },
  data,
});

test('a Secret shows its keys, and which values differ', () => {
  const before = secret({ same: base64('x'), other: base64('1'), gone: base64('g') });
  const after = secret({ same: base64('x'), other: base64('2') });
  const shown = redact(planned(after, before), []);
  expect(shown.before).toMatchObject({
    stringData: { same: '<secret>', other: '<secret, before>', gone: '<secret>' },
  });
  expect(shown.after).toMatchObject({ stringData: { same: '<secret>', other: '<secret, after>' } });
  expect(shown.after).not.toHaveProperty('data');
  expect(shown.after?.metadata).toEqual({ name: 'ca-0123abcd', namespace: 'ns' });
});

test('a Secret that somebody has applied does not show the copy that kubectl keeps of it', () => {
  const { metadata, ...rest } = secret({ key: base64('hush') });
  const copy = JSON.stringify({ ...rest, metadata });
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': copy, note: 'mine' };
  const shown = redact(planned({ ...rest, metadata: { ...metadata, annotations } }), []);
  expect(shown.after?.metadata.annotations).toEqual({ note: 'mine' });
  expect(JSON.stringify(shown)).not.toContain(base64('hush'));
});

test('what was generated is shown by a placeholder wherever it stands', () => {
  const data = { 'ca.crt': base64('certificate of today'), 'ca.key': base64('key of today') };
  const made = planned(secret(data, { 'managed-by': 'secrets-manager', 'issued-at-time': '1' }));
  const user = planned({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c', annotations: { checksum: secretChecksum(data) } },
    data: { mount: 'ca-0123abcd', bundle: base64('certificate of today'), text: 'a certificate of today b' },
  });
  const texts = generatedTexts([made, user]);
  expect(redact(user, texts).after).toMatchObject({
    metadata: { annotations: { checksum: '<generated>' } },
    data: { mount: 'ca-generated', bundle: '<generated>', text: 'a <generated> b' },
  });
  const { metadata } = redact(made, texts).after ?? { metadata: { name: '' } };
  expect(metadata).toMatchObject({ name: 'ca-generated', labels: { 'managed-by': 'secrets-manager' } });
  expect(metadata.labels).not.toHaveProperty('issued-at-time');
});

test('a Secret that was there keeps its name', () => {
  const there = secret({ key: base64('value') }, { 'managed-by': 'secrets-manager' });
  expect(generatedTexts([planned(there, there)])).toEqual([]);
});

test('credentials are hidden as they are and in base64', () => {
  const texts = credentialTexts({ metalAPIHMac: base64('hmac-key'), note: base64('public') });
  const object = {
    kind: 'X',
    apiVersion: 'v1',
    metadata: { name: 'x' },
    a: `k=${base64('hmac-key')}`,
    b: 'hmac-key public',
  };
  expect(redact(planned(object), texts).after).toMatchObject({ a: 'k=<secret>', b: '<secret> public' });
});

test('of a status stays what the provider says', () => {
  const status = {
    nodesCIDR: '10.0.0.0/22',
    lastOperation: {},
    conditions: [],
    machineDeploymentsLastUpdateTime: 'now',
  };
  const of = (apiVersion: string) =>
    redact(planned({ apiVersion, kind: 'X', metadata: { name: 'x' }, status }), []).after;
  expect(of('extensions.gardener.cloud/v1alpha1')).toHaveProperty('status', { nodesCIDR: '10.0.0.0/22' });
  expect(of('apps/v1')).not.toHaveProperty('status');
});

test('a ManagedResource does not show the hash of its content', () => {
  const resource = {
    apiVersion: 'resources.gardener.cloud/v1alpha1',
    kind: 'ManagedResource',
    metadata: { name: 'r', annotations: { 'reference.resources.gardener.cloud/secret-1234': 'r-5678' } },
    spec: { secretRefs: [{ name: 'r-5678' }], keepObjects: false },
  };
  const { after } = redact(planned(resource), []);
  expect(after).toMatchObject({ spec: { secretRefs: [{ name: 'r-generated' }], keepObjects: false } });
  expect(JSON.stringify(after)).not.toContain('5678');
});
