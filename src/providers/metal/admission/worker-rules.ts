import type { ShootWorker } from '../../../apis/core/shoot.ts';
import type { FieldError } from '../../admission.ts';
import { DEFAULT_ARCHITECTURE, typeArchitectures } from './architecture.ts';
import { forbidden, indexed, invalid, notSupported, required } from './field-errors.ts';
import { machineImageErrors } from './machine-image-rules.ts';
import type { Profile } from './profile.ts';

export interface WorkerContext {
  /** Undefined when unknown: then nothing is compared with it. */
  readonly profile: Profile | undefined;
  readonly region: string | undefined;
  readonly partitionID: string | undefined;
  readonly now: number;
}

export function workersErrors(workers: readonly ShootWorker[], context: WorkerContext, root: string): FieldError[] {
  return workers.flatMap((worker, index) => workerErrors(worker, context, indexed(root, index)));
}

function workerErrors(worker: ShootWorker, context: WorkerContext, root: string): FieldError[] {
  const isGiven = worker.volume !== undefined && worker.volume !== null;
  const zones = worker.zones ?? [];
  return [
    ...(isGiven
      ? [forbidden(`${root}.volume`, 'volumes are not supported: machines have the disks of their size')]
      : []),
    ...(zones.length > 0
      ? [
          forbidden(
            `${root}.zones`,
            'zones are not supported: infrastructureConfig.partitionID says where machines are',
          ),
        ]
      : []),
    ...(context.profile ? machineErrors(worker, context.profile, context, `${root}.machine`) : []),
    ...(context.profile ? machineImageErrors(worker, context.profile, context.now, root) : []),
  ];
}

function machineErrors(worker: ShootWorker, profile: Profile, context: WorkerContext, root: string): FieldError[] {
  const field = `${root}.type`;
  const name = worker.machine?.type;
  if (!name) return [required(field, 'a machine type must be named')];
  const type = profile.types.get(name);
  if (!type) return [notSupported(field, name, [...profile.types.keys()].toSorted())];
  if (type.usable === false) return [invalid(field, name, 'the CloudProfile says that this type cannot be used')];
  if (isUnavailable(name, profile, context)) {
    return [invalid(field, name, `is not available in partition ${context.partitionID}`)];
  }
  const architecture = worker.machine?.architecture ?? DEFAULT_ARCHITECTURE;
  const offered = typeArchitectures(type, profile.capabilities);
  if (offered.includes(architecture)) return [];
  return [invalid(field, name, `has the architecture ${offered.join(', ')}, but the pool wants ${architecture}`)];
}

function isUnavailable(type: string, profile: Profile, { region, partitionID }: WorkerContext): boolean {
  const zones = profile.regions.find(({ name }) => name === region)?.zones ?? [];
  const zone = zones.find(({ name }) => name === partitionID);
  return zone?.unavailableMachineTypes?.includes(type) ?? false;
}
