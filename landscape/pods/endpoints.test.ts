import { expect, test } from 'vitest';
import { localPort, type Service } from '../control-plane/service.ts';
import { endpointSlice, selects } from './endpoints.ts';
import type { PodTemplate } from './pod-spec.ts';

const template: PodTemplate = {
  metadata: { labels: { app: 'manager', tier: 'seed' } },
  spec: { containers: [{ name: 'main', image: '', ports: [{ name: 'webhooks', containerPort: 9443 }] }] },
};

const service = (spec: Service['spec']): Service => ({
  metadata: { name: 'manager', namespace: 'shoot--a--b', uid: 'uid' },
  spec,
});

test.each([
  [{ app: 'manager' }, true],
  [{ app: 'manager', tier: 'seed' }, true],
  [{ app: 'other' }, false],
  [{ app: 'manager', zone: 'a' }, false],
  [{}, false],
])('the selector %o selects the pods: %s', (selector, expected) => {
  expect(selects(service({ selector }), template)).toBe(expected);
});

const listening = (port: number) => (port === 9443 ? 40_000 : undefined);

test.each([
  ['by number', [{ name: 'https', port: 443, targetPort: 9443 }], 443, true, 40_000],
  ['by name', [{ name: 'https', port: 443, targetPort: 'webhooks' }], 443, true, 40_000],
  ['without target', [{ port: 9443 }], 9443, true, 40_000],
  ['a port that the Service does not have', [{ port: 9443 }], 443, true, undefined],
  ['a port that no process listens at', [{ port: 2112 }], 2112, true, undefined],
  ['while the pod is not ready', [{ port: 9443 }], 9443, false, undefined],
])('an API server finds the process %s', (_, ports, port, isReady, expected) => {
  const own = service({ selector: { app: 'manager' }, ports });
  const slice = endpointSlice(own, template, listening, isReady);
  expect(slice.metadata.labels).toMatchObject({ 'kubernetes.io/service-name': 'manager' });
  expect(localPort(own, [slice], port)).toBe(expected);
});
