import type { Shoot, ShootWorker } from '../../../apis/core/shoot.ts';
import type { ExtensionObject } from '../../../apis/extensions/extension.ts';
import type { FieldError } from '../../admission.ts';
import { duplicate, forbidden, indexed, invalid } from './field-errors.ts';

interface Pool {
  readonly name?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly volume?: unknown;
  readonly dataVolumes?: unknown;
  readonly zones?: unknown;
  readonly providerConfig?: unknown;
}

/** What metal has no notion of, with the reason. */
const unsupported = {
  volume: 'volumes are not supported: machines have the disks of their size',
  dataVolumes: 'volumes are not supported: machines have the disks of their size',
  zones: 'zones are not supported: infrastructureConfig.partitionID says where machines are',
  providerConfig: 'provider type metal has no configuration for workers',
} as const;

/** Pools of a Worker. What the Shoot's worker of the same name has as well was admitted with the Shoot, and passes. */
export function poolErrors({ spec }: ExtensionObject, shoot: Shoot | undefined): FieldError[] {
  const { pools } = spec as { readonly pools?: unknown };
  if (!Array.isArray(pools)) return [];
  const workers = new Map((shoot?.spec.provider?.workers ?? []).map((worker) => [worker.name, worker]));
  const seen = new Set<string>();
  return pools.flatMap((pool: Pool | null, index) => {
    if (typeof pool !== 'object' || pool === null) return [];
    const root = indexed('spec.pools', index);
    const name = typeof pool.name === 'string' ? pool.name : '';
    const repeated = seen.has(name);
    seen.add(name);
    return [
      ...(repeated ? [duplicate(`${root}.name`, name, 'a pool must be named once')] : []),
      ...sizeErrors(pool, root),
      ...unsupportedErrors(pool, workers.get(name), root),
    ];
  });
}

function sizeErrors({ minimum, maximum }: Pool, root: string): FieldError[] {
  if (typeof minimum !== 'number' || typeof maximum !== 'number' || minimum <= maximum) return [];
  return [invalid(`${root}.maximum`, maximum, `must not be less than minimum, which is ${minimum}`)];
}

function unsupportedErrors(pool: Pool, worker: ShootWorker | undefined, root: string): FieldError[] {
  const names = Object.keys(unsupported) as (keyof typeof unsupported)[];
  return names.flatMap((name) =>
    isGiven(pool[name]) && !isGiven((worker as Pool | undefined)?.[name])
      ? [forbidden(`${root}.${name}`, unsupported[name])]
      : [],
  );
}

function isGiven(value: unknown): boolean {
  return value != null && !(Array.isArray(value) && value.length === 0);
}
