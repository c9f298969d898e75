import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { systemClock } from '../../src/kube/clock.ts';
import { coreEvents } from '../../src/kube/event-resource.ts';
import { createEventRecorder } from '../../src/kube/events.ts';
import { createFakeLog } from '../../src/kube/fake-log.ts';
import { type ClosableKubeClient, createKubeClient } from '../../src/kube/http-client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { defineResource } from '../../src/kube/resource.ts';

const run = promisify(execFile);
const configMaps = defineResource<KubeObject>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
});
const namespace = 'default';
const name = `events-test-${process.pid}`;
let client: ClosableKubeClient;
let object: KubeObject;

beforeAll(async () => {
  client = createKubeClient({ kubeconfig: inject('kubeconfig') });
  object = await client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name } });
});
afterAll(async () => {
  await client.delete(configMaps, { namespace, name });
  await client.close();
});

function recorder() {
  const log = createFakeLog();
  const record = createEventRecorder({
    client,
    component: 'infra-controller',
    instance: 'pod-1',
    clock: systemClock,
    log,
  });
  return { log, ...record };
}

const recorded = async (of: string) =>
  (await client.list(coreEvents, { namespace, fieldSelector: `involvedObject.name=${of}` })).items;

describe('events on a real API server', () => {
  it('show up in kubectl describe, counted', async () => {
    const { event, drain, log } = recorder();
    event(object, 'Normal', 'Reconciled', 'node network 10.0.0.0/22');
    await vi.waitFor(async () => expect(await recorded(name)).toHaveLength(1), { timeout: 5000 });
    event(object, 'Normal', 'Reconciled', 'node network 10.0.0.0/22');
    event(object, 'Warning', 'ReconcileError', `quota exceeded: ${'ä'.repeat(2000)}`);
    await drain();
    expect(log.lines).toEqual([]);
    const { stdout } = await run(inject('parts').kubectl, [
      '--kubeconfig',
      inject('kubeconfig'),
      '-n',
      namespace,
      'describe',
      'configmap',
      name,
    ]);
    expect(stdout).toMatch(
      /Normal\s+Reconciled\s+\S+ \(x2 over \S+\)\s+infra-controller\s+node network 10\.0\.0\.0\/22/,
    );
    expect(stdout).toMatch(/Warning\s+ReconcileError\s+\S+\s+infra-controller\s+quota exceeded: ä+…/);
  });

  it('are taken for any object, also one that is cluster-scoped or oddly named', async () => {
    const { event, drain, log } = recorder();
    const odd = [`Odd:Name--.${name}.`, `${'long-'.repeat(45)}x`, 'x'];
    for (const one of odd) event({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: one } }, 'Normal', 'R', 'm');
    await drain();
    expect(log.lines).toEqual([]);
    for (const one of odd) expect(await recorded(one)).toHaveLength(1);
  });

  it('are dropped without a word to the caller when the namespace is not there', async () => {
    const { event, drain, log } = recorder();
    event({ kind: 'ConfigMap', metadata: { namespace: 'not-there', name: 'x' } }, 'Normal', 'R', 'm');
    event(object, 'Normal', 'After', 'm');
    await drain();
    expect(log.lines).toMatchObject([{ level: 'warn', values: { reason: 'R', error: { code: 404 } } }]);
    expect((await recorded(name)).map(({ reason }) => reason)).toContain('After');
  });
});
