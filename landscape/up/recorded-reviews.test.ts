import { readdirSync, readFileSync } from 'node:fs';
import supertest from 'supertest';
import { beforeAll, expect, test } from 'vitest';
import { createFakeLog } from '../../src/kube/fake-log.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { createMetalProvider } from '../../src/providers/metal/provider.ts';
import { createApp } from '../../src/webhooks/app.ts';
import { createScene } from '../../src/webhooks/garden/fixtures.ts';
import { readExample } from '../garden/manifests.ts';

const directory = new URL('../../test/fixtures/admission-reviews/', import.meta.url);
const names = readdirSync(directory).map((name) => name.replace('.json', ''));

/** What the rules of metal find in recordings; nothing in the others. */
const refusals: Readonly<Record<string, string>> = {
  // Recorded before there was a webhook that filled them in.
  'shoot-create-minimal':
    '[spec.provider.infrastructureConfig.firewall.image: Required value: the image of the firewall must be named, spec.provider.infrastructureConfig.firewall.size: Required value: the size of the firewall must be named]',
  'shoot-workerless':
    'spec.provider.workers: Required value: a cluster of type metal needs at least one worker pool: there are no workerless clusters on metal',
};

const filled: Readonly<Record<string, readonly string[]>> = {
  'shoot-create-mutate': ['/spec/networking/providerConfig'],
  'shoot-create-minimal-mutate': [
    '/spec/kubernetes/kubelet/maxPods',
    '/spec/networking/pods',
    '/spec/networking/providerConfig',
    '/spec/networking/services',
    '/spec/provider/infrastructureConfig/firewall/image',
    '/spec/provider/infrastructureConfig/firewall/size',
  ],
};

const pathOf = (name: string): string => {
  if (name.endsWith('-mutate')) return '/webhooks/mutate';
  return name.startsWith('secret-') || name.endsWith('-secret') ? '/webhooks/validate/secrets' : '/webhooks/validate';
};

const objects: Record<string, KubeObject> = {};
beforeAll(async () => {
  const [profile] = await readExample('cloudprofile.yaml');
  if (profile) objects['cloudprofiles/metal'] = profile;
  const data = { metalAPIHMac: 'dGVzdC1obWFj' };
  const secret = { metadata: { name: 'other', namespace: 'garden-local' }, data };
  objects['secrets/garden-local/other'] = secret;
});

test.each(names)('the rules of metal on what gardener-apiserver sends: %s', async (name) => {
  const { webhooks } = createScene(createMetalProvider().admission, objects);
  const app = createApp({ webhooks, log: createFakeLog() });
  const review = JSON.parse(readFileSync(new URL(`${name}.json`, directory), 'utf8'));
  const { body } = await supertest(app).post(pathOf(name)).send(review);
  const { allowed, status, patch } = body.response;
  expect({ allowed, message: status?.message }).toEqual({ allowed: !(name in refusals), message: refusals[name] });
  const operations: { path: string }[] = patch ? JSON.parse(Buffer.from(patch, 'base64').toString()) : [];
  expect(operations.map(({ path }) => path).sort()).toEqual(filled[name] ?? []);
});
