import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import { extension, lastOperation } from './fixtures.ts';
import { createObjectMetrics } from './object-metrics.ts';

async function samples(registry: Registry): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const failing = (...codes: string[]) =>
  extension({
    status: { lastOperation: lastOperation('Reconcile', 'Error'), lastError: { description: 'no', codes } },
  });

const sick = extension({
  status: {
    lastOperation: lastOperation('Create', 'Succeeded'),
    conditions: [{ type: 'EveryNodeReady', status: 'False' }],
  } as ExtensionObject['status'],
});

test('objects are counted as they are when metrics are read', async () => {
  const registry = new Registry();
  const observe = createObjectMetrics(registry);
  let workers = [extension(), sick, failing('ERR_INFRA_DEPENDENCIES', 'ERR_INFRA_DEPENDENCIES'), failing()];
  observe('worker', () => workers);
  observe('infrastructure', () => [failing('ERR_INFRA_QUOTA_EXCEEDED')]);
  expect(await samples(registry)).toEqual([
    'extension_objects{controller="worker",state="None"} 1',
    'extension_objects{controller="worker",state="Succeeded"} 1',
    'extension_objects{controller="worker",state="Error"} 2',
    'extension_objects{controller="infrastructure",state="Error"} 1',
    'extension_object_errors{controller="worker",code="ERR_INFRA_DEPENDENCIES"} 1',
    'extension_object_errors{controller="worker",code="none"} 1',
    'extension_object_errors{controller="infrastructure",code="ERR_INFRA_QUOTA_EXCEEDED"} 1',
    'extension_object_conditions{controller="worker",condition="EveryNodeReady",status="False"} 1',
  ]);
  workers = [];
  expect((await samples(registry)).filter((line) => line.includes('worker'))).toEqual([]);
});
