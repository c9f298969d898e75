import { expect, test } from 'vitest';
import { configuration } from './configuration.ts';

const common = { seed: '/seed', certDir: '/certs', ports: { health: 1, metrics: 2, webhooks: 3 } };

test('of the seed: its class, source and target in one, no tokens', () => {
  expect(configuration(common)).toMatchObject({
    sourceClientConnection: { kubeconfig: '/seed' },
    targetClientConnection: { kubeconfig: '/seed' },
    controllers: { resourceClass: 'seed', tokenRequestor: { enabled: false } },
  });
});

test('of a shoot: no class, one namespace of the seed, tokens', () => {
  const made = configuration({ ...common, shoot: { kubeconfig: '/shoot', namespace: 'shoot--a--b' } });
  expect(made).toMatchObject({
    sourceClientConnection: { kubeconfig: '/seed', namespaces: ['shoot--a--b'] },
    targetClientConnection: { kubeconfig: '/shoot' },
    controllers: { tokenRequestor: { enabled: true } },
  });
  expect(made).not.toHaveProperty('controllers.resourceClass');
});
