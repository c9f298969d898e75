import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { valuesSchemas } from '../../hack/charts/main.ts';
import { charts, createHelm, type Helm, type Rendered } from '../../landscape/charts/helm.ts';
import { decodeControllerConfiguration } from '../../src/apis/metal/controller-configuration.ts';
import { admissionFlags } from '../../src/commands/admission-flags.ts';
import { controllersFlags } from '../../src/commands/controllers-flags.ts';
import { parseFlags } from '../../src/commands/flags.ts';
import { readDefaultOptions } from '../../src/providers/metal/admission/default-options.ts';
import { valueSets } from './charts/value-sets.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let helm: Helm;
beforeAll(() => {
  helm = createHelm(inject('parts').helm, join(inject('landscapeDir'), 'helm-templates'), inject('kubeconfig'));
});

test.each([...valuesSchemas()])('%s is up to date; if not: make generate', (path, text) => {
  // Formatted afterwards.
  expect(JSON.parse(readFileSync(join(root, path), 'utf8'))).toEqual(JSON.parse(text));
});

test.each(Object.entries(charts))('helm has nothing against the chart %s', async (_, chart) => {
  expect(await helm.run('lint', '--strict', '--quiet', chart)).toBe('');
});

interface Workload extends Rendered {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly [
          {
            readonly args: readonly string[];
            readonly env: readonly { readonly name: string; readonly value?: string }[];
          },
        ];
      };
    };
  };
}

const containerIn = (objects: readonly Rendered[]) =>
  (objects.find(({ kind }) => kind === 'Deployment') as Workload).spec.template.spec.containers[0];

const environmentOf = (objects: readonly Rendered[]): Record<string, string> =>
  Object.fromEntries(containerIn(objects).env.map(({ name, value }) => [name, value ?? `<${name}>`]));

describe('the controllers', () => {
  test.each(valueSets.controllers)('take the flags of the chart: $what', async ({ values }) => {
    const objects = await helm.template(charts.controllers, values, '--namespace', 'extension-provider-metal');
    const [command, ...args] = containerIn(objects).args;
    expect(command).toBe('controllers');
    const flags = parseFlags(controllersFlags, args, environmentOf(objects));
    expect(flags['heartbeat-namespace']).toBe('extension-provider-metal');
    expect(flags['webhook-config-server-port']).toBeGreaterThan(1024);
  });

  test.each(valueSets.controllers)('read the configuration of the chart: $what', async ({ values }) => {
    expect(decodeControllerConfiguration(configurationIn(await helm.template(charts.controllers, values)))).toEqual(
      expect.objectContaining({ unknownFields: [] }),
    );
  });

  test('get the ingress controller only when it is switched on', async () => {
    const networkPolicies = { enabled: true, ingressController: { namespace: 'ingress' } };
    const on = await helm.template(charts.controllers, { config: { networkPolicies } });
    expect(configurationIn(on)).toHaveProperty('networkPolicies.ingressController.namespace', 'ingress');
    expect(on.map(({ kind }) => kind)).toContain('NetworkPolicy');
    const off = await helm.template(charts.controllers, {});
    expect(configurationIn(off)).not.toHaveProperty('networkPolicies');
    expect(off.map(({ kind }) => kind)).not.toContain('NetworkPolicy');
  });

  test.each([null, { namespace: null }, { namespace: '' }])(
    'get no policy for an ingress controller without a namespace: %j',
    async (ingressController) => {
      const networkPolicies = { enabled: true, ingressController };
      const objects = await helm.template(charts.controllers, { config: { networkPolicies } });
      expect(objects.map(({ kind }) => kind)).not.toContain('NetworkPolicy');
      expect(decodeControllerConfiguration(configurationIn(objects))).toMatchObject({ unknownFields: [] });
    },
  );

  test('start anew when their configuration changes', async () => {
    const checksumOf = async (values: object) => {
      const objects = await helm.template(charts.controllers, values);
      const deployment = objects.find(({ kind }) => kind === 'Deployment') as Rendered & {
        spec: { template: { metadata: { annotations: Record<string, string> } } };
      };
      return deployment.spec.template.metadata.annotations['checksum/config'];
    };
    expect(await checksumOf({})).toBe(await checksumOf({}));
    expect(await checksumOf({})).not.toBe(await checksumOf({ config: { firewallInternalPrefixes: ['10.0.0.0/8'] } }));
  });
});

function configurationIn(objects: readonly Rendered[]): unknown {
  const secret = objects.find(({ kind }) => kind === 'Secret') as Rendered & { stringData: Record<string, string> };
  return load(secret.stringData['config.yaml'] ?? '');
}

describe('admission', () => {
  test.each(valueSets.runtime)('takes the flags of the chart: $what', async ({ values }) => {
    const objects = await helm.template(charts.runtime, values, '--namespace', 'garden');
    const [command, ...args] = containerIn(objects).args;
    expect(command).toBe('admission');
    expect(parseFlags(admissionFlags, args, environmentOf(objects))['webhook-config-namespace']).toBe('garden');
  });

  test('reads the defaults of the chart', async () => {
    const defaulter = { maxPods: 100, calicoTyphaEnabled: true, ciliumDevices: ['eth0', 'lo'], podsCIDR: null };
    const { options, ignored } = readDefaultOptions(environmentOf(await helm.template(charts.runtime, { defaulter })));
    expect(ignored).toEqual([]);
    expect(options).toMatchObject({ maxPods: 100, podsCIDR: '10.240.0.0/13', cilium: { devices: ['eth0', 'lo'] } });
    expect(options.calico.typhaEnabled).toBe(true);
  });

  test('is what gardener-operator names in the garden', async () => {
    const serviceAccount = { name: 'extension-admission-provider-metal', namespace: 'kube-system' };
    const objects = await helm.template(charts.application, { gardener: { virtualCluster: { serviceAccount } } });
    expect(objects.map(({ kind }) => kind).sort()).toEqual(['ClusterRole', 'ClusterRoleBinding']);
    const binding = objects.find(({ kind }) => kind === 'ClusterRoleBinding');
    expect(binding).toHaveProperty('subjects', [{ kind: 'ServiceAccount', ...serviceAccount }]);
  });
});

test.each([
  { chart: charts.controllers, values: { replicas: 2 }, fault: 'replicas' },
  { chart: charts.controllers, values: { replicaCount: 'two' }, fault: '/replicaCount' },
  { chart: charts.controllers, values: { disableControllers: ['infra'] }, fault: '/disableControllers/0' },
  { chart: charts.controllers, values: { disableWebhooks: ['mutator'] }, fault: '/disableWebhooks/0' },
  { chart: charts.controllers, values: { controllers: { worker: { concurrentSyncs: 0 } } }, fault: '/concurrentSyncs' },
  { chart: charts.controllers, values: { config: { machineImages: [{ imageID: 'x' }] } }, fault: 'imageID' },
  { chart: charts.controllers, values: { config: { clientConnection: { qps: 'many' } } }, fault: '/config/client' },
  { chart: charts.controllers, values: { logLevel: 'loud' }, fault: '/logLevel' },
  { chart: charts.runtime, values: { defaulter: { maxPod: 1 } }, fault: 'maxPod' },
  { chart: charts.runtime, values: { webhookConfig: { serverPort: 99_999 } }, fault: '/webhookConfig/serverPort' },
  { chart: charts.application, values: { gardener: { virtualCluster: { enabled: 'yes' } } }, fault: '/enabled' },
])('values that mean nothing are refused: $values', async ({ chart, values, fault }) => {
  const refusal = await helm.template(chart, values).catch((error: Error) => error.message);
  expect(refusal).toContain("values don't meet the specifications of the schema");
  expect(String(refusal).replaceAll('.', '/')).toContain(fault);
});

test('what the image is made of has been built', () => {
  const copied = [...readFileSync(join(root, 'Dockerfile'), 'utf8').matchAll(/^COPY (.+) \S+$/gm)].flatMap(
    ([, sources = '']) => sources.split(' '),
  );
  expect(copied).toContain('dist/main.mjs');
  const missing = copied.filter((source) => globSync(source, { cwd: root }).length === 0);
  expect(missing).toEqual([]);
});
