import { Gauge, type Registry } from 'prom-client';
import type { ExtensionObject } from '../../apis/extensions/extension.ts';
import { conditionsOf } from '../healthcheck/conditions.ts';

/** Makes known where the objects that a controller serves can be read; they are counted when metrics are. */
export type ObjectMetrics = (controller: string, objects: () => readonly ExtensionObject[]) => void;

/**
 * What the statuses of objects say, by controller: that one of many fails is its owner's matter, that several fail in the
 * same way is the operator's. Every replica counts, leader or not. To be called once for a registry.
 */
export function createObjectMetrics(registry: Registry): ObjectMetrics {
  const sources = new Map<string, () => readonly ExtensionObject[]>();
  /** `of`: the labels under which an object counts. */
  const gauge = (name: string, help: string, labels: readonly string[], of: typeof errorsOf) =>
    new Gauge({
      name,
      help,
      labelNames: ['controller', ...labels],
      registers: [registry],
      collect() {
        this.reset();
        for (const [controller, objects] of sources) {
          for (const each of objects().flatMap(of)) this.inc({ controller, ...each });
        }
      },
    });
  gauge('extension_objects', 'Objects by the state of their last operation', ['state'], ({ status }) => [
    { state: status?.lastOperation?.state ?? 'None' },
  ]);
  gauge('extension_object_errors', 'Objects with an error, by each of its codes', ['code'], errorsOf);
  gauge('extension_object_conditions', 'Objects by their conditions', ['condition', 'status'], (object) =>
    conditionsOf(object).map(({ type, status }) => ({ condition: type, status })),
  );
  return (controller, objects) => void sources.set(controller, objects);
}

function errorsOf({ status }: ExtensionObject): Record<string, string>[] {
  if (!status?.lastError) return [];
  const codes = new Set(status.lastError.codes);
  return codes.size > 0 ? [...codes].map((code) => ({ code })) : [{ code: 'none' }];
}
